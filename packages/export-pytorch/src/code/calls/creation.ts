/** Tensors that a program makes: on the device of its inputs, of the dtype that they had. */
import { type Argument, type Call, Value } from "@flambeau/graph";
import type { BodyExpr, Hole } from "../hole.ts";
import { dtypeOf, floatOf } from "../python/literals.ts";
import { type Arg, attribute, call as callOf, dotted, hole, named } from "../python/tree.ts";
import { argumentsOf, exprOf } from "./arguments.ts";
import { targetOf } from "./namespaces.ts";

/** The dtype that PyTorch gives where none is said: by the numbers, or always one; of all others float32. */
const usual: Readonly<Record<string, "int64" | "numbers">> = {
  arange: "numbers",
  full: "numbers",
  randint: "int64",
  randperm: "int64",
  trilIndices: "int64",
  triuIndices: "int64",
};

/** The call of a function that makes a tensor of sizes and numbers; undefined for any other. */
export function creationOf(call: Call): BodyExpr | undefined {
  const { args, outputs, signature } = call;
  if (!/^\w+\((?!input\b).*\.\.\.(making|drawing)/.test(signature) || outputs.length !== 1) return undefined;
  if (call.name === "tensor") return literalOf(call);
  const target = targetOf(signature);
  // Of tensors it has their device.
  if (target?.kind !== "function" || call.inputs.length > 0) return undefined;
  const plain: Call = { ...call, args: { ...args, dtype: undefined } };
  const written = call.name === "randint" ? randintArguments(plain) : argumentsOf(plain, target.name, 0);
  return callOf<Hole>(dotted(target.name), ...written, ...making(outputs[0], dtypeThere(call)));
}

/** The dtype, unless it is the usual one, and the device. */
function making({ dtype }: Value, there: string): Arg<Hole>[] {
  const own = there === dtype ? [] : [named<Hole>("dtype", dtypeOf(dtype))];
  return [...own, named<Hole>("device", hole<Hole>("device"))];
}

/** `torch.tensor([1.0, 2.0])` of numbers that the program has. */
function literalOf(call: Call): BodyExpr {
  const { data } = call.args;
  const [output] = call.outputs;
  const isFloat = output.dtype.includes("float");
  const write = (part: Argument): BodyExpr => {
    if (Array.isArray(part)) return { kind: "list", items: part.map((one) => write(one as Argument)) };
    const isWhole = typeof part === "number" && isFloat;
    return isWhole ? floatOf(part) : exprOf(part, "data", call);
  };
  if (data instanceof Value)
    return callOf<Hole>(attribute(callOf<Hole>(attribute(hole<Hole>(data), "detach")), "clone"));
  const there = isFloat ? "float32" : output.dtype === "bool" ? "bool" : "int64";
  return callOf<Hole>(dotted("torch.tensor"), write(data), ...making(output, there));
}

function dtypeThere({ name, args }: Call): string {
  const known = usual[name] ?? "float32";
  if (known !== "numbers") return known;
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
