import { quote, ValueError } from "@flambeau/backend";
import { CanvasError } from "./canvas-error.ts";
import type { Figure } from "./figure.ts";
import { type BlobLike, here, isServer } from "./runtime.ts";

const NO_CANVAS =
  'this runtime has no canvas to draw pixels on; save as .svg, or draw figure.svg by a package, as in new Resvg(figure.svg).render().asPng() with "@resvg/resvg-js"';
const NO_IMAGE = "a worker cannot draw SVG; post figure.svg to the page, and draw it there, or save as .svg";

/**
 * Draws a figure on a canvas of the page's.
 *
 * @param what - the function that was called, for errors.
 * @throws CanvasError where there is no canvas, or none of this size; ValueError when the scale is none.
 */
export async function drawPng(
  what: string,
  { svg, width, height }: Figure,
  scale: number,
): Promise<BlobLike> {
  if (!(scale > 0 && Number.isFinite(scale)))
    throw new ValueError(
      `${what}: scale is how many pixels a pixel of the figure becomes, above 0; got ${quote(scale)}`,
    );
  const { document, Image } = here;
  if (document === undefined || Image === undefined)
    throw new CanvasError(`${what}: ${isServer() ? NO_CANVAS : NO_IMAGE}`);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(sized(svg, canvas.width, canvas.height))}`;
  try {
    await image.decode();
  } catch (error) {
    throw new CanvasError(`${what}: the browser cannot draw the figure; save as .svg`, { cause: error });
  }
  const context = canvas.getContext("2d");
  context?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<BlobLike | null>((resolve) => {
    if (context === null) resolve(null);
    else canvas.toBlob(resolve, "image/png");
  });
  if (blob !== null) return blob;
  throw new CanvasError(
    `${what}: the browser has no canvas of ${canvas.width} x ${canvas.height} pixels; give a smaller scale`,
  );
}

/** The picture in another size: browsers differ in whether they draw one anew that is scaled on a canvas, or blur it. */
function sized(svg: string, width: number, height: number): string {
  return svg.replace(/^<svg [^>]*>/, (tag) =>
    tag.replace(/ width="[^"]*"/, ` width="${width}"`).replace(/ height="[^"]*"/, ` height="${height}"`),
  );
}
