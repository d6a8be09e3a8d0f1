import { quote, ShapeError, ValueError } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";
import { isTensor } from "./data.ts";
import { Figure } from "./figure.ts";
import { base64, encodePng } from "./png.ts";
import type { Range } from "./range.ts";
import { SvgDocument, type SvgElement } from "./svg-document.ts";
import { FONT, FONT_SIZE, INK, PAPER, TITLE_SIZE } from "./theme.ts";

/** Options of {@link plotImages}. */
export interface ImagesOptions {
  /** Images in a row; 8 when left out. */
  columns?: number;
  /** A line under each image; none when left out. */
  labels?: readonly unknown[];
  /** What is black and what is white; the least and the largest element when left out. */
  range?: Range;
  /** The width of an image on the page, in pixels; its own, at least 64, when left out. */
  size?: number;
  /** A line above the picture; none when left out. */
  title?: string;
}

const GAP = 6;
const LEAST = 64;

/** See `plotImages` of the package. */
export async function plotImages(images: Tensor, options: ImagesOptions): Promise<Figure> {
  const { columns = 8, labels } = options;
  if (!isTensor(images)) throw new ValueError(`images must be a tensor, got ${quote(images)}`);
  if (!Number.isInteger(columns) || columns < 1)
    throw new ValueError(`columns must be a whole number from 1, got ${quote(columns)}`);
  const [count, channels, height, width] = shapeOf(images.shape);
  if (labels !== undefined && labels.length !== count)
    throw new ValueError(`labels must have one for each of ${count} images, got ${labels.length}`);
  const { size = Math.max(LEAST, width) } = options;
  if (!(size > 0 && Number.isFinite(size)))
    throw new ValueError(`size must be a positive number of pixels, got ${quote(size)}`);
  const values = Float64Array.from(await images.detach().data(), Number);
  const bytes = bytesOf(values, options.range);

  const document = new SvgDocument();
  const tall = Math.round((size * height) / width);
  const line = labels === undefined ? 0 : FONT_SIZE + 6;
  const head = options.title === undefined ? 0 : TITLE_SIZE + 18;
  const plane = height * width;
  const parts: SvgElement[] = [];
  for (let i = 0; i < count; i++) {
    const x = GAP + (i % columns) * (size + GAP);
    const y = head + GAP + Math.floor(i / columns) * (tall + line + GAP);
    const pixels = interleaved(bytes.subarray(i * channels * plane, (i + 1) * channels * plane), channels);
    const href = `data:image/png;base64,${base64(encodePng(pixels, width, height, channels))}`;
    // Pixels stay squares when they are enlarged.
    parts.push(
      document.element("image", {
        x,
        y,
        width: size,
        height: tall,
        href,
        style: "image-rendering:pixelated",
      }),
    );
    if (labels !== undefined) {
      const attributes = {
        x: x + size / 2,
        y: y + tall + FONT_SIZE,
        "text-anchor": "middle",
        fill: "currentColor",
      };
      parts.push(document.element("text", attributes, [String(labels[i])]));
    }
  }
  const inRow = Math.min(columns, count);
  const full = GAP + inRow * (size + GAP);
  const high = head + GAP + Math.ceil(count / columns) * (tall + line + GAP);
  if (options.title !== undefined) {
    const attributes = { x: full / 2, y: TITLE_SIZE + 10, "font-size": TITLE_SIZE, "font-weight": 600 };
    parts.unshift(
      document.element("text", { ...attributes, "text-anchor": "middle", fill: "currentColor" }, [
        options.title,
      ]),
    );
  }
  const svg = document.element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width: full,
      height: high,
      viewBox: `0 0 ${full} ${high}`,
      role: "img",
      "aria-label": `${count} images of ${width} by ${height} pixels`,
      color: INK,
      "font-family": FONT,
      "font-size": FONT_SIZE,
    },
    [document.element("rect", { width: full, height: high, fill: PAPER }), ...parts],
  );
  return new Figure(String(svg), full, high);
}

function shapeOf(shape: readonly number[]): [count: number, channels: 1 | 3, height: number, width: number] {
  const full =
    shape.length === 2 ? [1, 1, ...shape] : shape.length === 3 ? [shape[0], 1, shape[1], shape[2]] : shape;
  const [count, channels, height, width] = full;
  if (full.length !== 4 || (channels !== 1 && channels !== 3) || count * height * width === 0) {
    throw new ShapeError(
      `images must have shape [height, width], [n, height, width] or [n, channels, height, width] with 1 or 3 channels, got [${shape.join(", ")}]`,
    );
  }
  return [count, channels as 1 | 3, height, width];
}

/** Elements as bytes from 0 (black) to 255 (white); what is nan is black. */
function bytesOf(values: Float64Array, range?: Range): Uint8Array {
  let [low, high] = range ?? [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  if (range === undefined) {
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (!(low < high)) [low, high] = [low - 1, low];
  } else if (!(low < high))
    throw new ValueError(`range must be [low, high] with low < high, got ${quote(range)}`);
  return Uint8Array.from(values, (value) => {
    const part = (value - low) / (high - low);
    return part > 0 ? Math.round(255 * Math.min(1, part)) : 0;
  });
}

/** Planes of colours as pixels with theirs side by side. */
function interleaved(planes: Uint8Array, channels: 1 | 3): Uint8Array {
  if (channels === 1) return planes;
  const plane = planes.length / channels;
  return planes.map((_, i) => planes[(i % channels) * plane + Math.floor(i / channels)]);
}
