import { showAs } from "@flambeau/tensor";

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
