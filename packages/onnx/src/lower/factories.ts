/** Tensors that calls make of sizes and numbers. */
import { type Argument, type Call, Size } from "@flambeau/graph";
import { arange, eye, linspace, logspace, type Tensor, tensor } from "@flambeau/tensor";
import type { Ref } from "../builder.ts";
import type { Emit, Lowering, Lowerings } from "../emit.ts";
import { tensorArg } from "./args.ts";

/** A factory, all of whose arguments are given by name. */
type Make = (options: never) => Tensor;

/** Of plain numbers: made now, and held by the model. */
const made =
  (make: Make): Lowering =>
  (x, call) => {
    const args = Object.entries(call.args).filter(
      ([key, value]) => value !== undefined && key !== "device" && key !== "requiresGrad",
    );
    if (args.some(([, value]) => isOpen(value))) return null;
    const given = Object.fromEntries(args.map(([key, value]) => [key, plainOf(value)]));
    const held = make({ ...given, dtype: call.outputs[0].dtype } as never);
    const { scope } = x.builder;
    x.builder.scope = "";
    const ref = x.builder.hold("constant", held.dtype, held.shape, held);
    x.builder.scope = scope;
    return ref;
  };

function isOpen(value: Argument): boolean {
  return value instanceof Size || (Array.isArray(value) && value.some(isOpen));
}

function plainOf(value: Argument): unknown {
  return typeof value === "object" && value !== null && "opaque" in value ? value.opaque : value;
}

function ranged(x: Emit, call: Call): Ref {
  const { start = 0, end, step = 1 } = call.args;
  const { dtype } = call.outputs[0];
  return x.cast(
    x.node("Range", [x.as(start, "int64"), x.as(end, "int64"), x.as(step, "int64")], "int64"),
    dtype,
  );
}

export const factories: Lowerings = {
  eye: made(eye as Make),
  linspace: made(linspace as Make),
  logspace: made(logspace as Make),
  arange: (x, call) => {
    const isInteger = [call.args.start ?? 0, call.args.end, call.args.step ?? 1].every(
      (one) => one instanceof Size || typeof one === "bigint" || Number.isInteger(one),
    );
    const now = made(arange as Make)(x, call);
    if (now === null && !isInteger) return x.refuse("arange of an open size counts in integers");
    return now ?? ranged(x, call);
  },
  tensor: (x, call) => {
    const { data } = call.args;
    const now = made(tensor as Make)(x, call);
    if (now !== null) return now;
    const { dtype } = call.outputs[0];
    if (data instanceof Size) return x.as(data, dtype);
    // A list of sizes.
    if (!Array.isArray(data) || data.some((one) => Array.isArray(one))) return null;
    return x.cast(x.sizes.vector(data), dtype);
  },
};

/** A tensor of undefined contents, which is written over later: zeros. */
const undefinedYet: Lowering = (x, call) => {
  const [value] = call.outputs;
  if (value.shape.includes(null)) return x.refuse("its shape is not known");
  return x.node("Expand", [x.scalar(0, value.dtype), x.shapeOf(value)], value.dtype);
};

export const empties: Lowerings = {
  empty: undefinedYet,
  emptyLike: undefinedYet,
  newEmpty: undefinedYet,
};

export const fills: Lowerings = {
  full: (x, call) => {
    const shape = x.sizes.vector(call.args.shape as Argument[]);
    const value = x.as(call.args.value, call.outputs[0].dtype);
    return x.node("Expand", [value, shape], value.dtype);
  },
};

/** All elements of the first operand, from a value that broadcasts to it. */
const overwritten: Lowering = (x, call) => {
  const target = tensorArg(call, "0");
  return x.node("Expand", [x.as(call.args["1"], target.dtype), x.shapeOf(target)], target.dtype);
};

/** The new contents of a tensor that is written over as a whole, whatever it was. */
export const overwrites: Lowerings = { fill: overwritten, copy: overwritten };
