import type { SaveTarget } from "@flambeau/files";
import { type Args, bind, showAs } from "@flambeau/tensor";
import { here, type RuntimeBlob } from "./runtime.ts";
import type { FigureFormat } from "./save.ts";

const SAVE = "save(target: file, *, format?: 'svg'|'png', scale: number = 2)";
const TO_BLOB = "toBlob(type: 'image/png'|'image/svg+xml' = 'image/png', *, scale: number = 2)";

/** Options of {@link Figure.save}. */
export interface SaveFigureOptions {
  /** "svg" or "png". Default: what the target's name ends in. */
  readonly format?: FigureFormat;
  /** How many pixels of a PNG file a pixel of the figure becomes, across and down. Default: 2. */
  readonly scale?: number;
}

interface SaveTypes extends SaveFigureOptions {
  readonly target: SaveTarget;
}

/** Options of {@link Figure.toBlob}. */
export interface FigureBlobOptions {
  /** How many pixels of a PNG file a pixel of the figure becomes, across and down. Default: 2. */
  readonly scale?: number;
}

/**
 * A finished picture: SVG text that needs nothing else (no script, no style sheet, no font file).
 *
 * @example
 * ```ts
 * import { plotRegression } from "@flambeau/plot";
 *
 * const figure = await plotRegression([0, 1, 2], [1, 3, 5]);
 * console.log(figure.svg.startsWith("<svg "), String(figure) === figure.svg);
 * // true true
 * ```
 */
export class Figure {
  /** The whole picture, from `<svg` to `</svg>`. */
  readonly svg: string;
  /** Its size in pixels. */
  readonly width: number;
  /** Its height in pixels. */
  readonly height: number;

  constructor(svg: string, width: number, height: number) {
    this.svg = svg;
    this.width = width;
    this.height = height;
  }

  /**
   * Saves the picture to a file, as matplotlib's `savefig`: SVG everywhere, PNG in pages, which have a canvas. A path's file is written
   * whole or not at all; its folder must be there.
   *
   * @param target - a path on Node, Bun and Deno. In a page a name, for the browser's downloads, a `FileSystemFileHandle`, or
   *   "opfs:name"; anywhere a `WritableStream`.
   * @param format - "svg" or "png". Default: what the target's name ends in.
   * @param scale - how many pixels of a PNG file a pixel of the figure becomes, across and down.
   * @throws ValueError when the target's name ends in neither .svg nor .png and no format is given; CanvasError for pixels where there is
   *   no canvas; FileError when the file cannot be written.
   */
  async save(...args: Args<typeof SAVE, SaveTypes>): Promise<void> {
    const { target, format, scale } = bind<typeof SAVE, SaveTypes>(SAVE, args);
    const { saveFigure } = await import("./save.ts");
    await saveFigure(this, target, format ?? undefined, scale);
  }

  /**
   * The picture as a `Blob`, which a page can show, copy and send. Pixels are drawn on a canvas, which pages have.
   *
   * @param type - its MIME type, as `canvas.toBlob` takes it.
   * @param scale - how many pixels of a PNG file a pixel of the figure becomes, across and down.
   * @throws CanvasError for pixels where there is no canvas, or none so large; ValueError for another type, or a scale that is none.
   */
  async toBlob(...args: Args<typeof TO_BLOB, FigureBlobOptions>): Promise<RuntimeBlob> {
    const { type, scale } = bind<typeof TO_BLOB, FigureBlobOptions>(TO_BLOB, args);
    if (type === "image/svg+xml") return new here.Blob([this.svg], { type }) as RuntimeBlob;
    const { drawPng } = await import("./pixels.ts");
    return (await drawPng("toBlob", this, scale)) as RuntimeBlob;
  }

  /** The SVG text, so that a figure can be written or interpolated as it is. */
  toString(): string {
    return this.svg;
  }
}

/** Its own text, which is long, is for files and pages. */
function describe({ width, height }: Figure): string {
  return `Figure(${width} x ${height})`;
}
showAs(Figure.prototype, {
  text: describe,
  bundle: (figure) => ({ "image/svg+xml": figure.svg, "text/plain": describe(figure) }),
});
