/** Calls of the library as expressions of Python. */
import { type Argument, type Call, Value } from "@flambeau/graph";
import { ExportError } from "../errors.ts";
import { type BodyExpr, Constant, type Hole } from "../hole.ts";
import { dtypeOf, floatOf, stringOf } from "../python/literals.ts";
import { snakeCase } from "../python/names.ts";
import { type Arg, attribute, call as callOf, dotted, hole, named } from "../python/tree.ts";
import { shortest } from "../tensors.ts";
import { argumentsOf, exprOf } from "./arguments.ts";
import { creationOf } from "./creation.ts";
import { indexItems } from "./indexing.ts";
import { targetOf } from "./namespaces.ts";
import { binaryOperators, logicalOperators } from "./operators.ts";

/** What the code around a call has. */
export interface CallContext {
  /** The name of a function that the file brings along, as only later versions of PyTorch have it. */
  readonly helper: (name: string) => string;
}

/**
 * The expression of a call.
 *
 * @throws ExportError when PyTorch has no such function, or takes no such argument.
 */
export function callExpr(call: Call, context: CallContext): BodyExpr {
  const { name, args } = call;
  if (name === "at") return { kind: "index", of: operand(args.input, call), items: indexItems(args.index) };
  const operation = operatorOf(call) ?? creationOf(call) ?? exceptions[name]?.(call, context);
  if (operation !== undefined) return operation;
  const target = targetOf(call.signature);
  if (target === undefined) {
    const at = call.place === "" ? "" : ` at ${call.place}`;
    throw new ExportError(`${name}${at}: PyTorch 1.13 has no such function`);
  }
  if (target.kind === "function")
    return callOf<Hole>(dotted(target.name), ...argumentsOf(call, target.name, 0));
  const [first] = Object.values(args);
  return callOf<Hole>(attribute(operand(first, call), target.name), ...argumentsOf(call, target.name, 1));
}

/** A tensor or number in front of an operator, a dot or a bracket. */
function operand(value: Argument, call: Call): BodyExpr {
  return exprOf(value, "value", call);
}

function operatorOf(call: Call): BodyExpr | undefined {
  const { name, args, signature } = call;
  const { input, other, exponent, alpha } = args;
  if (!/^\w+\((input|self)\b/.test(signature)) return undefined;
  if (name === "neg") return { kind: "unary", operator: "-", of: operand(input, call) };
  if (name === "bitwiseNot" || (name === "logicalNot" && isBool(input)))
    return { kind: "unary", operator: "~", of: operand(input, call) };
  if (name === "reciprocal")
    return { kind: "binary", operator: "/", left: numberHole(1), right: operand(input, call) };
  const second = name === "pow" ? exponent : other;
  const operator =
    binaryOperators[name] ??
    (isBool(input) && isBool(second) ? logicalOperators[name] : undefined) ??
    (name === "rsub" ? "-" : undefined);
  if (operator === undefined || second === undefined) return undefined;
  const isPlain = (alpha === undefined || alpha === 1) && args.roundingMode == null;
  if (!isPlain || !(input instanceof Value || second instanceof Value)) return undefined;
  const [a, b] = [input, second].map((x, i) => scalarOf(x, i === 0 ? second : input, call));
  return name === "rsub"
    ? { kind: "binary", operator, left: b, right: a }
    : { kind: "binary", operator, left: a, right: b };
}

/** An operand; a whole number beside integers is a float where the result is one. */
function scalarOf(x: Argument, beside: Argument, call: Call): BodyExpr {
  const [output] = call.outputs;
  const isFloat = output?.dtype.includes("float") === true && call.name !== "div";
  if (typeof x === "number" && beside instanceof Value && !beside.dtype.includes("float") && isFloat)
    return floatOf(x);
  return constantNumber(x, beside) ?? operand(x, call);
}

/** A number that the program holds in a tensor, beside floats of the same dtype. */
function constantNumber(x: Argument, beside: Argument): BodyExpr | undefined {
  if (!(x instanceof Value && beside instanceof Value) || x.origin !== "constant" || x.tensor === null)
    return undefined;
  const isAlike = x.dtype === beside.dtype && x.dtype.startsWith("float") && beside.shape.length > 0;
  if (!isAlike || x.shape.length > 0) return undefined;
  return floatOf(shortest(x.tensor.detach().tolist() as unknown as number, x.dtype));
}

function numberHole(x: number): BodyExpr {
  return hole<Hole>(new Constant(x, "value"));
}

function isBool(x: Argument): boolean {
  return x instanceof Value && x.dtype === "bool";
}

/** Calls that PyTorch writes otherwise. */
const exceptions: Readonly<Record<string, (call: Call, context: CallContext) => BodyExpr | undefined>> = {
  scaledDotProductAttention(call, { helper }) {
    const { query, key, value, attnMask, dropoutP, isCausal, scale, enableGqa } = call.args;
    const args: Arg<Hole>[] = [query, key, value].map((x) => ({ value: operand(x, call) }));
    const add = (name: string, x: Argument, usual: Argument): void => {
      if (x != null && x !== usual) args.push(named(name, exprOf(x, name, call)));
    };
    add("attn_mask", attnMask, null);
    add("dropout_p", dropoutP, 0);
    add("is_causal", isCausal, false);
    add("scale", scale, null);
    add("enable_gqa", enableGqa, false);
    return callOf<Hole>(dotted(helper("scaled_dot_product_attention")), ...args);
  },
  rmsNorm(call, { helper }) {
    const name = helper("rms_norm");
    return callOf<Hole>(dotted(name), ...argumentsOf(call, name, 0));
  },
  channelShuffle(call, { helper }) {
    const name = helper("channel_shuffle");
    return callOf<Hole>(dotted(name), ...argumentsOf(call, name, 0));
  },
  where(call) {
    const { condition, input, other } = call.args;
    if (condition === undefined || other === undefined) return undefined;
    // Numbers take part in promotion there as tensors do, so that whole ones would make integers.
    const dtype = call.outputs[0]?.dtype ?? "float32";
    const write = (x: Argument): BodyExpr =>
      typeof x === "number" && dtype.includes("float") ? floatOf(x) : operand(x, call);
    return callOf<Hole>(dotted("torch.where"), operand(condition, call), write(input), write(other));
  },
  to(call) {
    // Devices are those of the inputs.
    const dtype = call.outputs[0]?.dtype;
    const [first] = Object.values(call.args);
    if (first instanceof Value && first.dtype === dtype) return operand(first, call);
    return callOf<Hole>(attribute(operand(first, call), "to"), dtypeOf(dtype));
  },
  quantile: quantileCall,
  nanquantile: quantileCall,
  permute(call) {
    const { input, dims } = call.args;
    const isMatrix = input instanceof Value && input.shape.length === 2 && String(dims) === "1,0";
    return isMatrix ? attribute(operand(input, call), "T") : undefined;
  },
  contiguous: (call) => callOf<Hole>(attribute(operand(call.args.input, call), "contiguous")),
  einsum(call) {
    const { equation, operands } = call.args;
    const list = (operands as readonly Argument[]).map((x) => operand(x, call));
    return callOf<Hole>(dotted("torch.einsum"), stringOf(equation as string), ...list);
  },
};

/** Several quantiles are a tensor there. */
function quantileCall(call: Call): BodyExpr | undefined {
  const { input, q } = call.args;
  if (!Array.isArray(q)) return undefined;
  const numbers: BodyExpr = { kind: "list", items: q.map((x) => exprOf(x as Argument, "q", call)) };
  const dtype =
    input instanceof Value && input.dtype !== "float32" ? [named("dtype", dtypeOf(input.dtype))] : [];
  const tensor = callOf<Hole>(
    dotted("torch.tensor"),
    numbers,
    ...dtype,
    named<Hole>("device", hole<Hole>("device")),
  );
  const method = attribute(operand(input, call), snakeCase(call.name));
  return callOf<Hole>(method, tensor, ...argumentsOf(call, call.name, 2));
}
