/** Where PyTorch has what a program called: found by the signature, under which Flambeau exports it. */
import * as autograd from "@flambeau/autograd";
import * as linalg from "@flambeau/linalg";
import * as masked from "@flambeau/masked";
import * as nn from "@flambeau/nn";
import * as ops from "@flambeau/ops";
import * as special from "@flambeau/special";
import * as tensor from "@flambeau/tensor";
import { snakeCase } from "../python/names.ts";

/** A callable of PyTorch: a method of its first argument, or a function. */
export interface Target {
  readonly kind: "method" | "function";
  /** `view`, `torch.cat`, `F.relu`. */
  readonly name: string;
}

/** What PyTorch calls otherwise, or has elsewhere. */
const elsewhere: Readonly<Record<string, string>> = {
  "F.logSigmoid": "F.logsigmoid",
  "torch.atleast1d": "torch.atleast_1d",
  "torch.atleast2d": "torch.atleast_2d",
  "torch.atleast3d": "torch.atleast_3d",
  "torch.mH": "torch.adjoint",
  "torch.H": "torch.adjoint",
  ...Object.fromEntries(
    ["linear", "gelu", "silu", "hardsigmoid", "hardswish"].map((name) => [`torch.${name}`, `F.${name}`]),
  ),
  "torch.logSigmoid": "F.logsigmoid",
  ...Object.fromEntries(
    [
      ...["choleskyInverse", "choleskySolve", "dist", "geqrf", "logdet", "luUnpack", "ormqr", "pinverse"],
      ...["renorm", "triangularSolve"],
    ].map((name) => [`linalg.${name}`, `torch.${snakeCase(name)}`]),
  ),
};

/** What PyTorch has as methods only; here they are functions, too. */
const methodsOnly: ReadonlySet<string> = new Set(
  (
    "contiguous expand expandAs repeat reshapeAs sumToSize unfold view viewAs addbmm_ addr_ baddbmm_ bitwiseLeftShift_ bitwiseRightShift_ " +
    "copysign_ digamma_ floatPower_ heaviside_ igamma_ igammac_ indexReduce_ lgamma_ maskedScatter_ mvlgamma_ nextafter_ polygamma_ " +
    "put_ renorm_ scatterReduce_ bernoulli_ cauchy_ exponential_ geometric_ indexAdd_ indexCopy_ indexFill_ logNormal_ normal_ random_ " +
    "scatterAdd_ scatter_ uniform_"
  ).split(" "),
);

/** What PyTorch does not have, and what no model computes: by the name, or by the package of an inner function and its name. */
export const foreign: ReadonlySet<string> = new Set(
  (
    "uniqueAll logaddexp_ maximum_ minimum_ rsub_ fromNpy fromNumpy gradcheck gradgradcheck setDetectAnomaly canCast torch.absoluteError " +
    "torch.binaryCrossEntropy torch.binaryCrossEntropyWithLogits torch.elu torch.hardtanh torch.huberError torch.leakyRelu " +
    "torch.smoothL1Error torch.softplus torch.squaredError"
  ).split(" "),
);

const namespaces: readonly (readonly [path: string, members: object])[] = [
  ["F", nn.functional],
  ["torch.linalg", linalg],
  ["torch.special", special],
  ["torch.masked", masked],
  ["nn.utils.rnn", nn.utils.rnn],
  ["torch", tensor],
  ["torch", ops],
  ["torch", autograd],
];

/** No method there. */
const torchRsub: Target = { kind: "function", name: "torch.rsub" };

let targets: Map<string, Target> | null = null;

/** The callable of PyTorch of a signature; undefined where it has none. */
export function targetOf(signature: string): Target | undefined {
  targets ??= allTargets();
  return targets.get(signature);
}

function allTargets(): Map<string, Target> {
  const found = new Map<string, Target>();
  const add = (signature: string, target: Target): void => {
    if (!found.has(signature)) found.set(signature, target);
  };
  const { prototype } = tensor.Tensor;
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const { value } = Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor;
    for (const { signature } of formsIn(value))
      if (!foreign.has(name) && signature.startsWith(`${name}(`))
        add(signature, name === "rsub" ? torchRsub : { kind: "method", name: snakeCase(name) });
  }
  for (const [path, members] of namespaces)
    for (const [name, value] of Object.entries(members))
      if (!foreign.has(name) && !foreign.has(`${path}.${name}`))
        for (const { signature } of formsIn(value)) add(signature, target(path, name));
  return found;
}

function formsIn(value: unknown): readonly tensor.Form[] {
  return typeof value === "function" ? (tensor.formsOf(value) ?? []) : [];
}

function target(path: string, name: string): Target {
  if (path === "torch" && methodsOnly.has(name)) return { kind: "method", name: snakeCase(name) };
  const short = path.replace(/^torch\./, "");
  const other = elsewhere[`${short}.${name}`] ?? elsewhere[`torch.${name}`];
  return { kind: "function", name: other ?? `${path}.${snakeCase(name)}` };
}
