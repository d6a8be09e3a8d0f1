/** Tensors that a program makes: on the device of its inputs, of the dtype that they had. */
import { type Argument, type Call, Value } from "@flambeau/graph";
import type { BodyExpr, Hole } from "../hole.ts";
import { dtypeOf } from "../python/literals.ts";
import { type Arg, call as callOf, dotted, hole, named } from "../python/tree.ts";
import { argumentsOf, exprOf } from "./arguments.ts";
import { targetOf } from "./namespaces.ts";

/** The dtype that PyTorch gives where none is said: by the numbers, or always one. */
const usual: Readonly<Record<string, "float32" | "int64" | "numbers">> = {
  arange: "numbers",
  range: "float32",
  full: "numbers",
  linspace: "float32",
  logspace: "float32",
  eye: "float32",
  zeros: "float32",
  ones: "float32",
  empty: "float32",
  rand: "float32",
  randn: "float32",
  randint: "int64",
  randperm: "int64",
};

/** The call of a function that makes a tensor of sizes and numbers; undefined for any other. */
export function creationOf(call: Call): BodyExpr | undefined {
  const { name, args, outputs } = call;
  if (!Object.hasOwn(usual, name) || outputs.length !== 1) return undefined;
  const target = targetOf(call.signature);
  if (target === undefined) return undefined;
  const plain: Call = { ...call, args: { ...args, dtype: undefined, device: undefined } };
  const written = name === "randint" ? randintArguments(plain) : argumentsOf(plain, target.name, 0);
  const { dtype } = outputs[0];
  const own: Arg<Hole>[] = dtypeThere(call) === dtype ? [] : [named("dtype", dtypeOf(dtype))];
  return callOf<Hole>(dotted(target.name), ...written, ...own, named("device", hole<Hole>("device")));
}

function dtypeThere({ name, args }: Call): string {
  if (usual[name] !== "numbers") return usual[name];
  const numbers = Object.entries(args).flatMap(([key, value]) => (key === "size" ? [] : [value]));
  const isFloat = numbers.some((x) => typeof x === "number" && !Number.isInteger(x));
  const isBool = numbers.some((x) => typeof x === "boolean") && name === "full" && args.fillValue === true;
  return isFloat ? "float32" : isBool ? "bool" : "int64";
}

/** `torch.randint(low, high, size)`: the low end may be left out before the others. */
function randintArguments(call: Call): Arg<Hole>[] {
  const { low, high, size } = call.args;
  const bounds = [low, high].filter((x): x is Argument => x !== undefined && x !== null);
  const given = bounds.length === 2 && bounds[0] === 0 ? bounds.slice(1) : bounds;
  return [...given, size].map((x) => ({ value: exprOf(x, "size", call) }));
}

/** Whether a call draws random numbers or writes: it is kept though nobody uses its result. */
export function hasEffects({ name, outputs, inputs }: Call): boolean {
  const isWrite = name.endsWith("_") || name === "set";
  const isDraw =
    /^(rand|dropout|alphaDropout|featureAlpha|featureDropout|bernoulli|multinomial|normal|poisson|binomial|gumbel|rrelu)/.test(
      name,
    );
  return isWrite || isDraw || outputs.some((y) => inputs.includes(y) && !(y instanceof Value));
}
