/** Lines by a clock and a writer of the tests' own; what a line is made of is tqdm's (tools/fixtures/progress.py). */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ArgumentError, ValueError } from "@flambeau/backend";
import { describeArguments } from "../../../tests/src/arguments.ts";
import * as all from "../src/index.ts";
import { progress } from "../src/index.ts";
import { lineOf, type Meter } from "../src/line.ts";
import { shortText } from "../src/numbers.ts";
import fixture from "./lines.json" with { type: "json" };

/** A clock that goes on by hand, and what was written. */
class Bench {
  time = 0;
  readonly texts: string[] = [];
  readonly clock = (): number => this.time;
  readonly file: { write: (text: string) => void; isTTY: boolean; columns: number };

  constructor(isTTY: boolean, columns = 61) {
    this.file = { write: (text) => this.texts.push(text), isTTY, columns };
  }

  get options(): { clock: () => number; file: Bench["file"] } {
    return { clock: this.clock, file: this.file };
  }

  /** The lines that a terminal shows in the end. */
  get screen(): string[] {
    const lines = [""];
    for (const letter of this.texts.join("")) {
      if (letter === "\n") lines.push("");
      else if (letter === "\r") this.column = 0;
      else {
        const line = [...lines[lines.length - 1]];
        line[this.column++] = letter;
        lines[lines.length - 1] = line.join("");
      }
      if (letter === "\n") this.column = 0;
    }
    return lines.map((line) => line.trimEnd());
  }

  private column = 0;
}

describe("a line is tqdm's", () => {
  for (const { meter, columns, text } of fixture.lines as {
    meter: Meter;
    columns: number | null;
    text: string;
  }[])
    test(text, () => assert.equal(lineOf(meter, columns), text));
  for (const [number, text] of fixture.numbers as [number, string][])
    test(`${number} in a postfix`, () => assert.equal(shortText(number), text));
});

describe("a loop", () => {
  test("gives its items in order, and a line at the end", () => {
    const bench = new Bench(false);
    const items: number[] = [];
    for (const x of progress([1, 2, 3], { desc: "count", ...bench.options })) {
      items.push(x);
      bench.time += 500;
    }
    assert.deepEqual(items, [1, 2, 3]);
    assert.deepEqual(bench.texts, ["count: 100% 3/3 [00:01<00:00,  2.00it/s]\n"]);
  });

  test("without a terminal has a line after each interval", () => {
    const bench = new Bench(false);
    for (const _ of progress(new Set([1, 2, 3, 4]), { mininterval: 2, ...bench.options })) bench.time += 1000;
    assert.deepEqual(bench.texts, [
      " 50% 2/4 [00:02<00:02,  1.00it/s]\n",
      "100% 4/4 [00:04<00:00,  1.00it/s]\n",
      "100% 4/4 [00:04<00:00,  1.00it/s]\n",
    ]);
  });

  test("on a terminal is written over, one column less than there is, and stays", () => {
    const bench = new Bench(true);
    const bar = progress([5, 6], { desc: "x", ...bench.options });
    for (const value of bar) {
      bench.time += 1000;
      bar.setPostfix({ value, name: "a", share: 0.123456 });
    }
    assert.equal(bench.texts[0], `\rx:   0%|${" ".repeat(60 - 8 - 22)}| 0/2 [00:00<?, ?it/s]`);
    assert.ok(bench.texts.every((text) => !text.includes("\n") || text === "\n"));
    assert.deepEqual(bench.screen, ["x: 100%|█| 2/2 [00:02<00:00,  1.00it/s, value=6, name=a, sha", ""]);
  });

  test("leaves no trace where it is to leave none", () => {
    const bench = new Bench(true);
    for (const _ of progress([1, 2], { leave: false, ...bench.options })) bench.time += 1000;
    bench.file.write("done\n");
    assert.deepEqual(bench.screen, ["done", ""]);
  });

  test("within another one is shown alone, and the outer one comes back", () => {
    const bench = new Bench(true, 41);
    for (const _ of progress([1, 2], { desc: "outer loop", ...bench.options }))
      for (const _ of progress([1, 2], { desc: "in", leave: false, ...bench.options })) bench.time += 1000;
    assert.deepEqual(
      bench.screen,
      ["outer loop: 100%|█| 2/2 [00:04<00:00,  2.", ""].map((x) => x.slice(0, 40)),
    );
    assert.ok(bench.texts.some((text) => text.startsWith("\rin:  50%|")));
    const between = bench.texts.slice(1).findIndex((text) => text.startsWith("\router loop:"));
    const inner = bench.texts.slice(1).findIndex((text) => text.startsWith("\rin: 100%"));
    assert.ok(between > inner);
  });

  test("ends at a break and at an error, once", () => {
    for (const end of ["break", "throw"]) {
      const bench = new Bench(false);
      const run = (): void => {
        for (const x of progress([1, 2, 3], bench.options)) {
          bench.time += 1000;
          if (x === 2 && end === "break") break;
          if (x === 2) throw new RangeError("two");
        }
      };
      if (end === "throw") assert.throws(run, RangeError);
      else run();
      assert.deepEqual(bench.texts, [" 33% 1/3 [00:02<00:04,  2.00s/it]\n"]);
    }
  });

  test("of promises is gone through with for await, as is any other", async () => {
    const bench = new Bench(false);
    async function* later(): AsyncGenerator<string> {
      yield* ["a", "b"];
    }
    const items: string[] = [];
    for await (const x of progress(later(), { total: 2, ...bench.options })) items.push(x);
    // A loop over an array has an asynchronous iterator, too, which its type does not show.
    const plain = progress([1, 2], bench.options) as unknown as AsyncIterable<number>;
    for await (const x of plain) items.push(String(x));
    assert.deepEqual(items, ["a", "b", "1", "2"]);
    assert.equal(bench.texts.length, 2);
    const wrong = progress(later(), bench.options) as unknown as Iterable<string>;
    assert.throws(() => [...wrong], ArgumentError);
  });

  test("of unknown length counts only", () => {
    const bench = new Bench(false);
    function* some(): Generator<number> {
      yield* [1, 2];
    }
    const unsaid = Object.defineProperty({ [Symbol.iterator]: some }, "length", {
      get: () => assert.fail("no length is said"),
    });
    for (const source of [some(), unsaid])
      for (const _ of progress(source, bench.options)) bench.time += 1000;
    assert.deepEqual(bench.texts, ["2it [00:02,  1.00it/s]\n", "2it [00:02,  1.00it/s]\n"]);
  });
});

describe("by hand", () => {
  test("update counts, close ends once, and nothing is written when disabled", () => {
    const bench = new Bench(false);
    const bar = progress({
      total: 10,
      initial: 2,
      unit: "B",
      unitScale: true,
      mininterval: 1,
      ...bench.options,
    });
    bar.update(3);
    bench.time += 1000;
    bar.update();
    bar.close();
    bar.close();
    bar.update(4);
    assert.equal(bar.n, 10);
    const line = " 60% 6.00/10.0 [00:01<00:01, 4.00B/s]\n";
    assert.deepEqual(bench.texts, [line, line]);
    const silent = new Bench(true);
    for (const _ of progress([1, 2], { disable: true, ...silent.options })) silent.time += 1000;
    assert.deepEqual(silent.texts, []);
  });

  test("the last rates count more, as smoothing says", () => {
    const rateAfter = (smoothing: number): string => {
      const bench = new Bench(false);
      const bar = progress({ total: 100, smoothing, mininterval: 0.5, ...bench.options });
      for (const seconds of [1, 1, 4]) {
        bench.time += seconds * 1000;
        bar.update(1);
      }
      return /, +([\d.]+)s\/it/.exec(String(bar))?.[1] ?? "";
    };
    // (0.3 * 4 + 0.7 * (0.3 + 0.7 * 0.3)) / (1 - 0.7 ** 3), over the same mean of ones.
    assert.deepEqual([0, 0.3, 1].map(rateAfter), ["2.00", "2.37", "4.00"]);
  });

  test("write puts text above the line", () => {
    const bench = new Bench(true);
    const bar = progress({ total: 2, desc: "a long description", ...bench.options });
    bar.write("note");
    bar.setDescription("b");
    bar.update(2);
    bar.close();
    assert.deepEqual(bench.screen.slice(0, 1), ["note"]);
    assert.match(bench.screen[1], /^b: 100%\|█+\| 2\/2/);
    const log = new Bench(false);
    progress({ total: 2, ...log.options }).write("note");
    assert.deepEqual(log.texts, ["note\n"]);
  });
});

test("what is out of range or cannot be gone through is refused", () => {
  const bench = new Bench(false);
  const refusals: [() => unknown, new (...args: never[]) => Error, RegExp][] = [
    [() => progress(5 as never), ArgumentError, /^progress: iterable is a collection.*got 5/],
    [() => progress(new Date(0) as never), ArgumentError, /iterable is something to go through/],
    [() => progress([1], { file: {} as never }), ArgumentError, /file is an object with write/],
    [() => progress([1], { total: -1, ...bench.options }), ValueError, /total is a number from 0; got -1/],
    [() => progress([1], { smoothing: 2, ...bench.options }), ValueError, /smoothing .* got 2/],
    [() => progress([1], { mininterval: Number.NaN, ...bench.options }), ValueError, /mininterval/],
  ];
  for (const [run, type, message] of refusals)
    assert.throws(run, (error) => error instanceof type && message.test(error.message));
  assert.deepEqual(bench.texts, []);
});

describe("arguments", () => {
  const file = { write: (): void => {} };
  describeArguments(
    all,
    {
      progress: {
        run: (...args) => String((progress as unknown as (...all: unknown[]) => unknown)(...args)),
        positional: () => ({ iterable: [1, 2], desc: "a", total: 4, leave: false }),
        named: () => ({
          ...{
            file,
            ncols: 30,
            mininterval: 1,
            disable: true,
            unit: "b",
            unitScale: true,
            unitDivisor: 1024,
          },
          ...{ initial: 1, smoothing: 0.5, postfix: { a: 1 }, clock: () => 0 },
        }),
      },
    },
    ["ProgressBar"],
  );
});
