/** Losses of unlike shapes: which of them warn and which refuse, as PyTorch 1.13 does. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { ShapeError, setWarningHandler, type WarningHandler, warn } from "@flambeau/backend";
import { tensor } from "@flambeau/tensor";
import * as nn from "../src/index.ts";

const { functional: F } = nn;
const column = tensor([[0.25], [0.5]]);
const row = tensor([0.5, 0.75]);

describe("losses of a column and a row", () => {
  let before: WarningHandler | null;
  let texts: string[];
  beforeEach(() => {
    texts = [];
    before = setWarningHandler((text) => texts.push(text));
  });
  afterEach(() => {
    setWarningHandler(before);
  });

  for (const [name, loss] of [
    ["mseLoss", new nn.MSELoss()],
    ["l1Loss", new nn.L1Loss()],
    ["smoothL1Loss", new nn.SmoothL1Loss()],
    ["huberLoss", new nn.HuberLoss()],
  ] as const) {
    test(`${name} warns and broadcasts`, () => {
      const value = loss(column, row);
      assert.equal(value.itemSync(), F[name](column.expand([2, 2]), row.expand([2, 2])).itemSync());
      assert.equal(texts.length, 1);
      assert.match(texts[0], new RegExp(`${name}: .*\\[2, 1\\].*\\[2\\].*\\[2, 2\\]`));
    });

    test(`${name} is silent for equal shapes, and only throws where they do not broadcast`, () => {
      loss(row, row);
      assert.throws(() => loss(row, tensor([1, 2, 3])), ShapeError);
      assert.deepEqual(texts, []);
    });
  }

  test("cross entropies of two classes refuse", () => {
    assert.throws(() => F.binaryCrossEntropy(column, row), ShapeError);
    assert.throws(() => F.binaryCrossEntropyWithLogits(column, row), ShapeError);
    assert.deepEqual(texts, []);
  });
});

describe("what becomes of warnings", () => {
  test("by default each text is printed once", () => {
    const printed: unknown[][] = [];
    const { warn: print } = console;
    console.warn = (...args) => void printed.push(args);
    try {
      warn("a text of this test");
      warn("a text of this test");
      warn("another text of this test");
    } finally {
      console.warn = print;
    }
    assert.deepEqual(printed, [["Warning: a text of this test"], ["Warning: another text of this test"]]);
  });

  test("null drops them, a handler gets all, and each setting gives the one before", () => {
    const texts: string[] = [];
    const collect = (text: string): void => void texts.push(text);
    const before = setWarningHandler(null);
    try {
      warn("dropped");
      assert.equal(setWarningHandler(collect), null);
      warn("kept");
      warn("kept");
      assert.equal(setWarningHandler(before), collect);
    } finally {
      setWarningHandler(before);
    }
    assert.deepEqual(texts, ["kept", "kept"]);
  });
});
