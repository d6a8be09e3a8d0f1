/** What results are called that cannot take the name of an operand. */
import { Value, valuesIn } from "@flambeau/graph";
import type { Body } from "./body.ts";
import type { Step } from "./steps.ts";

/** Names for the values of a step's result, in order. */
export function resultNames(
  { call, result, hint }: Step,
  { scalarName }: Pick<Body, "scalarName">,
): string[] {
  const count = valuesIn(result).length;
  if (result instanceof Value) {
    if (result.shape.length === 0 && scalarName !== undefined) return [scalarName];
    return [result.dtype === "bool" ? "mask" : hint];
  }
  const letters = call.name === "split" || call.name === "chunk" ? partNames(count) : undefined;
  if (letters !== undefined) return letters;
  if (!Array.isArray(result)) return Object.keys(result as object);
  if (call.kind === "module") return moduleNames(call.name, count, hint);
  return Array.from({ length: count }, (_, i) => `${hint}${i}`);
}

/** Three equal parts are queries, keys and values nearly always. */
function partNames(count: number): string[] | undefined {
  return count === 3 ? ["q", "k", "v"] : count === 2 ? ["a", "b"] : undefined;
}

function moduleNames(name: string, count: number, hint: string): string[] {
  if (name === "LSTMCell") return ["h", "c"];
  if (name === "LSTM") return ["output", "h_n", "c_n"];
  if (name === "GRU" || name === "RNN") return ["output", "h_n"];
  if (name === "MultiheadAttention") return ["attn", "weights"];
  return Array.from({ length: count }, (_, i) => (i === 0 ? hint : `${hint}${i + 1}`));
}
