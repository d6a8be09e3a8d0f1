/** Pixels of figures, which only pages draw. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CanvasError, Figure } from "@flambeau/plot";

interface Bitmap {
  readonly width: number;
  readonly height: number;
}
interface Context {
  drawImage(image: Bitmap, x: number, y: number): void;
  getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray };
}

/** What the page has, and tests that are compiled with Node's declarations do not see. */
const page = globalThis as unknown as {
  readonly document?: object;
  createImageBitmap(blob: Blob): Promise<Bitmap>;
  readonly OffscreenCanvas: new (width: number, height: number) => { getContext(kind: "2d"): Context };
};

/** Red at the left, blue at the right. */
const figure = new Figure(
  '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10" viewBox="0 0 20 10"><rect width="20" height="10" fill="#0000ff"/><rect width="10" height="10" fill="#ff0000"/></svg>',
  20,
  10,
);

describe("toBlob", { skip: page.document === undefined && "only in pages" }, () => {
  test("draws every pixel of the figure, in the size that is given", async () => {
    for (const scale of [1, 1.5, 4]) {
      const blob = await figure.toBlob("image/png", { scale });
      assert.equal(blob.type, "image/png");
      const bitmap = await page.createImageBitmap(blob);
      const { width, height } = bitmap;
      assert.deepEqual([width, height], [20 * scale, 10 * scale]);
      const context = new page.OffscreenCanvas(width, height).getContext("2d");
      context.drawImage(bitmap, 0, 0);
      const colour = (x: number, y: number): number[] => Array.from(context.getImageData(x, y, 1, 1).data);
      // The edge is as sharp as the canvas: it is drawn anew, and not enlarged.
      assert.deepEqual(colour(width / 2 - 1, height - 1), [255, 0, 0, 255]);
      assert.deepEqual(colour(width / 2, 0), [0, 0, 255, 255]);
      assert.deepEqual(colour(width - 1, height - 1), [0, 0, 255, 255]);
    }
  });

  test("twice the figure's size unless another is given", async () => {
    const { width, height } = await page.createImageBitmap(await figure.toBlob());
    assert.deepEqual([width, height], [40, 20]);
  });

  test("a canvas that is too large, and a picture that is none, are errors", async () => {
    await assert.rejects(figure.toBlob({ scale: 1e6 }), CanvasError);
    await assert.rejects(new Figure("<svg", 2, 2).toBlob(), CanvasError);
  });
});
