import type { LayerInfo } from "./layer-info.ts";
import { listText } from "./numbers.ts";

/** What a column shows. */
export type ColumnName = "kernel_size" | "input_size" | "output_size" | "num_params" | "mult_adds";

/** The columns' titles. */
export const COLUMN_TITLES: Readonly<Record<ColumnName, string>> = {
  kernel_size: "Kernel Shape",
  input_size: "Input Shape",
  output_size: "Output Shape",
  num_params: "Param #",
  mult_adds: "Mult-Adds",
};

/** How the table is laid out. */
export interface Layout {
  readonly branching: boolean;
  readonly colNames: readonly ColumnName[];
  readonly colWidth: number;
  readonly depth: number;
  /** 2 shows inner weights on lines of their own. */
  readonly verbose: number;
}

const INDENT = 5;
const NAME_WIDTH = 40;

/** The lines of the table and how wide it is. */
export class Table {
  readonly width: number;
  private readonly layout: Layout;
  private readonly nameWidth: number;

  constructor(layers: readonly LayerInfo[], layout: Layout) {
    this.layout = layout;
    // The longest name, with its indentation, rounded up to the next multiple of five.
    const longest = Math.max(0, ...layers.map((layer) => String(layer).length + layer.depth * INDENT + 1));
    this.nameWidth = longest >= NAME_WIDTH ? Math.ceil(longest / INDENT) * INDENT : NAME_WIDTH;
    this.width = layout.colNames.length * layout.colWidth + this.nameWidth;
  }

  header(): string {
    return this.line("Layer (type:depth-idx)", COLUMN_TITLES);
  }

  /** The lines of the layers down to the greatest depth, each under its parents. */
  rows(layers: readonly LayerInfo[]): string[] {
    const { branching, depth } = this.layout;
    if (!branching) return layers.flatMap((layer) => this.row(layer, false));
    const rows: string[] = [];
    // The line that is open at each depth.
    const open: (LayerInfo | undefined)[] = [];
    for (const layer of layers) {
      if (layer.depth > depth) continue;
      for (const parent of parentsOf(layer)) {
        // A parent that was not called itself (a ModuleList) gets its line from its first child.
        if (open[parent.depth]?.module === parent.module) continue;
        rows.push(...this.row(parent, false));
        open[parent.depth] = parent;
      }
      rows.push(...this.row(layer, layer.depth === depth));
      open.length = layer.depth;
      open[layer.depth] = layer;
    }
    return rows;
  }

  private row(layer: LayerInfo, reachedMaxDepth: boolean): string[] {
    const { branching, verbose } = this.layout;
    const rows = [
      this.line((branching ? branch(layer.depth) : "") + String(layer), {
        kernel_size: layer.kernelSize.length > 0 ? listText(layer.kernelSize) : "--",
        input_size: listText(layer.inputSize),
        output_size: listText(layer.outputSize),
        num_params: layer.numParamsText(reachedMaxDepth),
        mult_adds: layer.multAddsText(reachedMaxDepth),
      }),
    ];
    if (verbose === 2) {
      for (const [name, shape] of Object.entries(layer.innerLayers)) {
        const prefix = branching ? branch(layer.depth + 1) : "  ";
        rows.push(this.line(prefix + name, { kernel_size: listText(shape) }));
      }
    }
    return rows;
  }

  private line(name: string, values: Partial<Record<ColumnName, string>>): string {
    const { colNames, colWidth } = this.layout;
    const cells = colNames.map((column) => (values[column] ?? "").padEnd(colWidth));
    return [name.padEnd(this.nameWidth), ...cells].join(" ").trimEnd();
  }
}

function branch(depth: number): string {
  return depth === 1 ? "├─" : `${"|    ".repeat(Math.max(depth - 1, 0))}└─`;
}

/** A layer's parents below the model itself, outermost first. */
function parentsOf(layer: LayerInfo): LayerInfo[] {
  const parents: LayerInfo[] = [];
  for (let p = layer.parent; p !== null && p.depth > 0; p = p.parent) parents.unshift(p);
  return parents;
}
