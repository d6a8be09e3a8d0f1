/** Tensors as literals. */
import { formatShape } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";
import { ExportError } from "./errors.ts";
import type { BodyExpr, Hole } from "./hole.ts";
import { boolOf, dtypeOf, floatOf, numberOf } from "./python/literals.ts";
import { call, dotted, named } from "./python/tree.ts";

/** How many elements a literal may have. */
const MOST = 16;

/** A tensor of a few elements as `torch.tensor([...])`, on a device. */
export function smallTensor(x: Tensor, what: string, device?: BodyExpr): BodyExpr {
  if (x.numel() > MOST)
    throw new ExportError(
      `${what} is a tensor of shape ${formatShape(x.shape)}, too large for a line of code: hold it in a buffer of the model`,
    );
  const isFloat = x.dtype.includes("float");
  const write = (value: unknown): BodyExpr => {
    if (Array.isArray(value)) return { kind: "list", items: value.map(write) };
    if (typeof value === "boolean") return boolOf(value);
    return isFloat ? floatOf(shortest(Number(value), x.dtype)) : numberOf(Number(value));
  };
  const literal = write(x.detach().tolist());
  const isUsual = ["float32", "int64", "bool"].includes(x.dtype);
  const dtype = isUsual ? [] : [named<Hole>("dtype", dtypeOf(x.dtype))];
  const there = device === undefined ? [] : [named<Hole>("device", device)];
  return call<Hole>(dotted("torch.tensor"), literal, ...dtype, ...there);
}

/** The shortest decimal that is the same number in float32. */
export function shortest(x: number, dtype: string): number {
  if (dtype === "float64" || !Number.isFinite(x)) return x;
  for (let digits = 1; digits < 10; digits++) {
    const short = Number(x.toPrecision(digits));
    if (Math.fround(short) === x) return short;
  }
  return x;
}
