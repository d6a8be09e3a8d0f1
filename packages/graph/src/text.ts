/** A graph as text: a line for each call of the program, those of its own modules within them. */
import { quote } from "@flambeau/backend";
import { type Argument, type Call, type Graph, Size, SizedText, Value } from "./graph.ts";
import { isLibrary } from "./run.ts";

/**
 * One line for each call that the program makes, and for each that its own modules make; calls within the library's are left out.
 *
 * @example
 * ```ts
 * import { graphText, trace } from "@flambeau/graph";
 * import { type Tensor, tensor } from "@flambeau/tensor";
 *
 * const graph = trace((x: Tensor) => x.mul(2).sum(1, true), [tensor([[1, 2], [3, 4]])], { axes: [{ 0: "batch" }] });
 * console.log(graphText(graph));
 * // %x: float32[batch, 2]
 * // %1: float32[batch, 2] = mul(input=%x, other=2)
 * // %2: float32[batch, 1] = sum(input=%1, dim=1, keepdim=true)
 * // return %2
 * ```
 */
export function graphText({ inputs, calls, output }: Graph): string {
  return [...inputs.map(typed), ...linesOf(calls, ""), `return ${argumentText(output)}`].join("\n");
}

function linesOf(calls: readonly Call[], indent: string): string[] {
  return calls.flatMap(({ name, path, args, outputs, inner, kind, module }) => {
    const list = Object.entries(args)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => (kind === "module" ? argumentText(value) : `${key}=${argumentText(value)}`));
    const what = kind === "module" && path !== "" ? `${name}<${path}>` : name;
    const line = `${indent}${outputs.map(typed).join(", ")} = ${what}(${list.join(", ")})`;
    return module !== null && !isLibrary(module) ? [line, ...linesOf(inner, `${indent}  `)] : [line];
  });
}

function typed(value: Value): string {
  const shape = value.shape.map((size) => (size === null ? "?" : String(size)));
  return `${value}: ${value.dtype}[${shape.join(", ")}]`;
}

function argumentText(value: Argument): string {
  if (value instanceof Value || value instanceof Size) return String(value);
  if (value instanceof SizedText) return quote(String(value));
  if (Array.isArray(value)) return `[${value.map(argumentText).join(", ")}]`;
  if (typeof value !== "object" || value === null)
    return typeof value === "string" ? quote(value) : String(value);
  if ("opaque" in value) return "...";
  const entries = Object.entries(value).map(([key, entry]) => `${key}: ${argumentText(entry as Argument)}`);
  return `{ ${entries.join(", ")} }`;
}
