import type { Module } from "@flambeau/nn";
import { showAs } from "@flambeau/tensor";
import { countParams } from "./count.ts";
import { hasChildren, type LayerInfo } from "./layer-info.ts";
import { grouped, product, twoDecimals } from "./numbers.ts";
import { type Layout, Table } from "./table.ts";

/**
 * What `summary` found; its text is the table, which `console.log` shows.
 *
 * @example
 * ```ts
 * import { nn, summary } from "flambeau";
 *
 * const found = summary(new nn.Sequential(new nn.Linear(10, 5), new nn.ReLU(), new nn.Linear(5, 1)), [10]);
 * console.log(found.totalParams, found.layers.map(({ className }) => className).join(" "));
 * // 61 Linear ReLU Linear
 * ```
 */
export class ModelStatistics {
  /** The lines, in the order of the calls. */
  readonly layers: readonly LayerInfo[];
  /** The shapes of the inputs, as given; empty when the model did not run. */
  readonly inputSize: readonly (readonly number[])[];
  /** Elements of the inputs. */
  readonly totalInput: number;
  /** Parameters of all layers and beside them, each counted once: what several layers share is one. */
  readonly totalParams: number;
  /** Those of them that collect gradients. */
  readonly trainableParams: number;
  /** Elements of the outputs of layers with parameters, counted twice: for values and gradients. */
  readonly totalOutput: number;
  /** Every line's, so that nested modules count again. */
  readonly totalMultAdds: number;
  private readonly layout: Layout;

  constructor(
    model: Module,
    layers: readonly LayerInfo[],
    inputSize: readonly (readonly number[])[],
    layout: Layout,
  ) {
    this.layers = layers;
    this.inputSize = inputSize;
    this.layout = layout;
    this.totalInput = inputSize.reduce((total, size) => total + product(size), 0);
    let [output, multAdds] = [0, 0];
    for (const layer of layers) {
      multAdds += layer.multAdds;
      if (layer.isRecursive) continue;
      if (!hasChildren(layer.module) && layer.numParams > 0) output += 2 * product(layer.outputSize);
    }
    const params = countParams(model, layers, layout.depth);
    this.totalParams = params.total;
    this.trainableParams = params.trainable;
    this.totalOutput = output;
    this.totalMultAdds = multAdds;
  }

  /** The table of torch-summary 1.4.4; totals differ where parameters are shared, or lie beside layers. */
  toString(): string {
    const table = new Table(this.layers, this.layout);
    const divider = "=".repeat(table.width);
    const lines = [divider, table.header(), divider, ...table.rows(this.layers), divider];
    lines.push(`Total params: ${grouped(this.totalParams)}`);
    lines.push(`Trainable params: ${grouped(this.trainableParams)}`);
    lines.push(`Non-trainable params: ${grouped(this.totalParams - this.trainableParams)}`);
    if (this.inputSize.length > 0) {
      const large = this.totalMultAdds >= 1e9;
      lines.push(
        `Total mult-adds (${large ? "G" : "M"}): ${twoDecimals(this.totalMultAdds / (large ? 1e9 : 1e6))}`,
      );
      lines.push(divider);
      lines.push(`Input size (MB): ${megabytes(this.totalInput)}`);
      lines.push(`Forward/backward pass size (MB): ${megabytes(this.totalOutput)}`);
      lines.push(`Params size (MB): ${megabytes(this.totalParams)}`);
      lines.push(
        `Estimated Total Size (MB): ${megabytes(this.totalInput + this.totalOutput + this.totalParams)}`,
      );
    }
    lines.push(divider);
    return lines.join("\n");
  }
}

showAs(ModelStatistics.prototype);

/** Elements of four bytes each, in units of 1024 * 1024. */
function megabytes(elements: number): string {
  return twoDecimals((elements * 4) / 1024 ** 2);
}
