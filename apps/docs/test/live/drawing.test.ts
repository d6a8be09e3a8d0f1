import assert from "node:assert/strict";
import { test } from "node:test";
import { type Point, reduceDrawing, type Stroke, strokesOf } from "../../live/digits/drawing.ts";
import type { DigitsAnswer } from "../../live/digits/sliders.ts";
import { makeDigits } from "../../live/digits/train.ts";

const moved = (strokes: readonly Stroke[], scale: number, dx: number, dy: number): Stroke[] =>
  strokes.map((stroke) => stroke.map(([x, y]): Point => [scale * x + dx, scale * y + dy]));

test("nothing drawn is an empty image, and a dot is in its middle", () => {
  assert.deepEqual([...reduceDrawing([])], new Array(64).fill(0));
  const dot = reduceDrawing([[[200, 13]]]);
  const sum = dot.reduce((all, value) => all + value, 0);
  assert.ok(sum > 12 && sum < 28, String(sum));
  for (const i of [27, 28, 35, 36]) assert.equal(dot[i], sum / 4);
});

test("an upright line fills the height, in the middle, between 0 and 16", () => {
  const image = reduceDrawing([
    [
      [10, 20],
      [10, 90],
    ],
  ]);
  for (let row = 0; row < 8; row++) {
    const values = [...image.slice(8 * row, 8 * row + 8)];
    assert.ok(values[3] > 0 && values[3] <= 16, `row ${row}: ${values}`);
    assert.equal(values[3], values[4]);
    for (const column of [0, 1, 2, 5, 6, 7]) assert.equal(values[column], 0);
  }
  assert.equal(image[8 * 4 + 3], 12);
});

test("where and how large it is drawn makes no difference", () => {
  const strokes: Stroke[] = [
    [
      [0, 0],
      [8, 0],
      [4, 16],
    ],
    [
      [2, 8],
      [7, 8],
    ],
  ];
  assert.deepEqual(reduceDrawing(moved(strokes, 4, 30, 7)), reduceDrawing(strokes));
});

test("painted images that were put aside are read right by the network after 300 steps", async () => {
  const training = await makeDigits({ channels: 16, lr: 0.003 }, "cpu");
  for (let i = 0; i < 300; i++) training.step();
  const ask = async (question: unknown): Promise<DigitsAnswer> =>
    (await training.answer?.(question)) as DigitsAnswer;
  let right = 0;
  for (let example = 0; example < 50; example++) {
    const given = await ask({ example });
    assert.ok("image" in given);
    const read = await ask({ drawing: reduceDrawing(strokesOf(given.image, 280)) });
    assert.ok("probabilities" in read);
    const { probabilities } = read;
    assert.ok(Math.abs(probabilities.reduce((a, b) => a + b, 0) - 1) < 1e-5);
    if (probabilities.indexOf(Math.max(...probabilities)) === given.label) right++;
  }
  assert.ok(right >= 42, `${right} of 50`);
});
