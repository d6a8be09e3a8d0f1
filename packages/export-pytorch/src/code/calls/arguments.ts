/** Arguments of calls as Python writes them. */

import { type DType, quote } from "@flambeau/backend";
import { type Argument, type Call, Size, Value } from "@flambeau/graph";
import { schemaOf } from "@flambeau/tensor";
import { ExportError } from "../errors.ts";
import { type BodyExpr, Constant, type Hole, TrainingFlag } from "../hole.ts";
import { boolOf, dtypeOf, none, numberOf, stringOf } from "../python/literals.ts";
import { snakeCase } from "../python/names.ts";
import { type Arg, atom, hole, named } from "../python/tree.ts";

/** Lists of sizes that methods take one by one, as `x.view(2, 3)`. */
const spread: ReadonlySet<string> = new Set(["shape", "size", "sizes", "dims", "repeats"]);
const spreading: ReadonlySet<string> = new Set(
  "view reshape permute expand repeat new_empty new_zeros new_ones torch.zeros torch.ones torch.empty torch.rand torch.randn tile".split(
    " ",
  ),
);

/** What people write without a name though it may be left out. */
const unnamed: Readonly<Record<string, readonly string[]>> = {
  flatten: ["startDim", "endDim"],
  "torch.flatten": ["startDim", "endDim"],
  squeeze: ["dim"],
  unbind: [],
  triu: ["diagonal"],
  tril: ["diagonal"],
  uniform_: ["from", "to"],
  random_: ["from", "to"],
  "F.leaky_relu": ["negativeSlope"],
  "F.dropout": ["p"],
  "F.alpha_dropout": ["p"],
  "F.dropout1d": ["p"],
  "F.dropout2d": ["p"],
  "F.dropout3d": ["p"],
  repeat_interleave: ["repeats"],
};

/** What has to be given there, if as None. */
const required: ReadonlySet<string> = new Set(["F.batch_norm.runningMean", "F.batch_norm.runningVar"]);

/** Arguments that PyTorch 1.13 does not take yet. */
const newer: ReadonlySet<string> = new Set(["padSequence.paddingSide", "multiHeadAttentionForward.isCausal"]);

/** What is written though it is the default: modes differ in it, and readers look for it. */
const written: ReadonlySet<string> = new Set(
  [
    "dropout",
    "alpha_dropout",
    "feature_alpha_dropout",
    "dropout1d",
    "dropout2d",
    "dropout3d",
    "rrelu",
    "batch_norm",
  ].flatMap((name) => [`F.${name}.training`, `F.${name}.p`]),
);

/** What is written with a name though it has to be given. */
const alwaysNamed: Readonly<Record<string, readonly string[]>> = {
  softmax: ["dim"],
  log_softmax: ["dim"],
  cumsum: ["dim"],
  amax: ["dim"],
  amin: ["dim"],
};

/** What a call is given behind its `skipped` first arguments, without what PyTorch takes anyway. */
export function argumentsOf(call: Call, callee: string, skipped: number): Arg<Hole>[] {
  const { params, positional } = schemaOf(call.signature);
  const args: Arg<Hole>[] = [];
  let isPositional = true;
  const own = params.slice(skipped);
  const isUsual = ({ name, initial, nullable }: (typeof own)[number]): boolean => {
    const value = call.args[name];
    return value === undefined || isSame(value, initial) || (nullable && value === null);
  };
  // What stands before an argument without a name is written, too.
  const last = own.findLastIndex((param) => (unnamed[callee] ?? []).includes(param.name) && !isUsual(param));
  own.forEach((param, k) => {
    const { name, optional } = param;
    const value = call.args[name];
    // Devices are those of the inputs.
    if (name === "device") return;
    const isWritten =
      k <= last ||
      required.has(`${callee}.${name}`) ||
      (written.has(`${callee}.${name}`) && value !== undefined);
    if (optional && isUsual(param) && !isWritten) {
      isPositional = false;
      return;
    }
    if (name === "generator") throw refused(call, "a generator of its own");
    if (newer.has(`${call.name}.${name}`)) throw refused(call, name);
    const isUnnamed =
      isPositional &&
      k + skipped < positional &&
      (!optional || required.has(`${callee}.${name}`) || (unnamed[callee] ?? []).includes(name)) &&
      !(alwaysNamed[callee] ?? []).includes(name);
    if (isUnnamed && Array.isArray(value) && spread.has(name) && spreading.has(callee) && value.length > 0) {
      for (const size of value) args.push({ value: exprOf(size as Argument, name, call) });
      return;
    }
    const expr = exprOf(value, name, call);
    if (!isUnnamed) isPositional = false;
    args.push(isUnnamed ? { value: expr } : named(parameterName(name), expr));
  });
  return args;
}

/** A parameter's name: capitals, as of `UPLO`, stay. */
function parameterName(name: string): string {
  return /^[A-Z_]+$/.test(name) ? name : snakeCase(name);
}

function isSame(value: Argument, initial: unknown): boolean {
  return Object.is(value, initial) || (Array.isArray(value) && String(value) === String(initial));
}

/** An argument by itself. */
export function exprOf(value: Argument, name: string, call: Call): BodyExpr {
  if (value instanceof Value || value instanceof Size) return hole<Hole>(value);
  if (value === null || value === undefined) return none;
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) ? hole<Hole>(new Constant(value, snakeCase(name))) : numberOf(value);
    case "bigint":
      return atom(String(value));
    case "boolean":
      return boolOf(value);
    case "string":
      if (isDType(name, value)) return dtypeOf(value as DType);
      return stringOf(name === "computeMode" ? snakeCase(value) : value);
    default:
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => exprOf(item as Argument, name, call));
    return { kind: value.some(isTensors) ? "list" : "tuple", items };
  }
  if ("opaque" in value && value.opaque instanceof TrainingFlag)
    return atom(value.opaque.inTraining ? "self.training" : "not self.training");
  if ("opaque" in value) throw refused(call, `${quote(value.opaque)} as ${name}`);
  throw refused(call, `an object as ${name}`);
}

function isTensors(item: unknown): boolean {
  return item instanceof Value || Array.isArray(item);
}

const dtypes: ReadonlySet<string> = new Set(
  "bool uint8 int8 int16 int32 int64 float16 bfloat16 float32 float64".split(" "),
);

function isDType(name: string, value: string): boolean {
  return (name === "dtype" || name === "other") && dtypes.has(value);
}

/** What cannot be said of a call, with its place. */
export function refused({ name, place }: Call, what: string): ExportError {
  const at = place === "" ? "" : ` at ${place}`;
  return new ExportError(`${name}${at}: it takes ${what}, which PyTorch's form does not`);
}
