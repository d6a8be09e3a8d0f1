/** A drawing as an image of the digits data set: strokes, fitted into 32 x 32 dots, of which each 4 x 4 become a pixel from 0 to 16. */

export type Point = readonly [x: number, y: number];
/** The places of a finger or a mouse from where it came down to where it was lifted. */
export type Stroke = readonly Point[];

const DOTS = 32;
const BLOCK = 4;
const SIDE = DOTS / BLOCK;
/** How thick a pen is, in dots, whatever the size of the drawing: as in the data set. */
const PEN = 5;

/** 64 numbers from 0 to 16, row by row: how many dots of each block are black. All 0 where nothing is drawn. */
export function reduceDrawing(strokes: readonly Stroke[]): Float32Array<ArrayBuffer> {
  const dots = blacken(fit(strokes));
  const pixels = new Float32Array(SIDE * SIDE);
  for (let y = 0; y < DOTS; y++)
    for (let x = 0; x < DOTS; x++)
      pixels[Math.floor(y / BLOCK) * SIDE + Math.floor(x / BLOCK)] += dots[y * DOTS + x];
  return pixels;
}

/** Moves strokes to the middle and makes them as large as the image, without distortion. */
function fit(strokes: readonly Stroke[]): Stroke[] {
  const xs = strokes.flat().map(([x]) => x);
  const ys = strokes.flat().map(([, y]) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const size = Math.max(right - left, bottom - top);
  // A single dot stays one.
  const scale = size === 0 ? 0 : (DOTS - PEN) / size;
  const middle = DOTS / 2;
  return strokes.map((stroke) =>
    stroke.map(([x, y]) => [
      middle + (x - (left + right) / 2) * scale,
      middle + (y - (top + bottom) / 2) * scale,
    ]),
  );
}

/** 1 for each dot whose middle is under the pen. */
function blacken(strokes: readonly Stroke[]): Uint8Array {
  const dots = new Uint8Array(DOTS * DOTS);
  for (const stroke of strokes) {
    for (const [i, to] of stroke.entries()) {
      const from = stroke[Math.max(0, i - 1)];
      for (let y = 0; y < DOTS; y++)
        for (let x = 0; x < DOTS; x++)
          if (distance([x + 0.5, y + 0.5], from, to) <= PEN / 2) dots[y * DOTS + x] = 1;
    }
  }
  return dots;
}

/** From a point to a line between two others. */
function distance([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const along = dx === 0 && dy === 0 ? 0 : ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy);
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}

/** Strokes that paint an image of the data set in a square of this side: one along each row's run of dark pixels. */
export function strokesOf(image: ArrayLike<number>, side: number): Stroke[] {
  const pixel = side / (SIDE + 2);
  const strokes: Stroke[] = [];
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      const isDark = (at: number): boolean => at >= 0 && at < SIDE && image[row * SIDE + at] >= 8;
      if (!isDark(column) || isDark(column - 1)) continue;
      let end = column;
      while (isDark(end + 1)) end++;
      const y = (row + 1.5) * pixel;
      strokes.push([
        [(column + 1.5) * pixel, y],
        [(end + 1.5) * pixel, y],
      ]);
    }
  }
  return strokes;
}
