/** Curves that are drawn while they grow, by a clock of the tests' own. */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { ArgumentError, ValueError } from "@flambeau/backend";
import {
  type Figure,
  type LiveLines,
  type LiveLinesOptions,
  type LiveValues,
  liveLines,
  plotLines,
} from "@flambeau/plot";
import { tensor } from "@flambeau/tensor";
import { Throttle } from "../src/throttle.ts";
import { walk } from "./xml.ts";

/** A clock whose timers run when it is moved on. */
class Clock {
  time = 0;
  #timers: { at: number; callback: () => void }[] = [];
  readonly timers = {
    now: (): number => this.time,
    setTimeout: (callback: () => void, wait: number): object => {
      const timer = { at: this.time + wait, callback };
      this.#timers.push(timer);
      return timer;
    },
    clearTimeout: (timer: unknown): void => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    },
  };

  get waiting(): number {
    return this.#timers.length;
  }

  /** Moves on, and lets go on what waits for a promise. */
  async pass(milliseconds: number): Promise<void> {
    this.time += milliseconds;
    const due = this.#timers.filter(({ at }) => at <= this.time);
    this.#timers = this.#timers.filter((timer) => !due.includes(timer));
    for (const { callback } of due) callback();
    await settled();
  }
}

/** A turn of the loop: every promise that is settled has gone on. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe("Throttle", () => {
  test("draws the first change at once, and the last one after the interval", async () => {
    const clock = new Clock();
    let state = 0;
    const drawn: number[] = [];
    const throttle = new Throttle(() => void drawn.push(state), 100, clock.timers);
    for (state = 1; state <= 5; state++) throttle.request();
    state = 5;
    assert.deepEqual(drawn, [1]);
    assert.equal(clock.waiting, 1);
    await clock.pass(99);
    assert.deepEqual(drawn, [1]);
    await clock.pass(1);
    assert.deepEqual(drawn, [1, 5]);
    await clock.pass(1000);
    assert.deepEqual([drawn, clock.waiting], [[1, 5], 0]);
  });

  test("a loop without a turn for timers draws once an interval", () => {
    const clock = new Clock();
    let count = 0;
    const throttle = new Throttle(() => void count++, 100, clock.timers);
    for (let i = 0; i < 50; i++) {
      throttle.request();
      clock.time += 10;
    }
    assert.equal(count, 5);
    assert.equal(clock.waiting, 1);
  });

  test("waits for a drawing that takes long; its end begins the interval, and what changed meanwhile is drawn", async () => {
    const clock = new Clock();
    let state = 1;
    const drawn: number[] = [];
    const ends: (() => void)[] = [];
    const draw = (): Promise<void> => {
      drawn.push(state);
      return new Promise((resolve) => ends.push(resolve));
    };
    const throttle = new Throttle(draw, 100, clock.timers);
    throttle.request();
    state = 2;
    clock.time += 500;
    throttle.request();
    assert.deepEqual(drawn, [1]);
    ends[0]();
    await settled();
    assert.deepEqual([drawn, clock.waiting], [[1], 1]);
    await clock.pass(100);
    assert.deepEqual(drawn, [1, 2]);
    state = 3;
    throttle.request();
    let isFlushed = false;
    const flushed = throttle.flush().then(() => {
      isFlushed = true;
    });
    ends[1]();
    await settled();
    assert.deepEqual([drawn, isFlushed], [[1, 2, 3], false]);
    ends[2]();
    await flushed;
    assert.equal(clock.waiting, 0);
    await throttle.flush();
    assert.deepEqual(drawn, [1, 2, 3]);
  });

  test("what a drawing throws comes out of the next call, once, and the next change is drawn", async () => {
    const clock = new Clock();
    let count = 0;
    const errors: unknown[] = [];
    const throttle = new Throttle(
      () => {
        count++;
        if (count === 1) throw new Error("at once");
        if (count === 2) return Promise.reject(new Error("later"));
        return undefined;
      },
      100,
      clock.timers,
    );
    const request = (): void => {
      try {
        throttle.request();
      } catch (error) {
        errors.push((error as Error).message);
      }
    };
    request();
    assert.deepEqual(errors, ["at once"]);
    await clock.pass(100);
    request();
    assert.deepEqual(errors, ["at once"]);
    await settled();
    await assert.rejects(throttle.flush(), /later/);
    await throttle.flush();
    await clock.pass(100);
    request();
    assert.deepEqual([count, errors], [3, ["at once"]]);
  });
});

/** Live curves whose figures are kept, and their clock. */
function recorded(options: LiveLinesOptions & { labels?: readonly string[] } = {}): {
  curves: LiveLines;
  figures: Figure[];
  clock: Clock;
} {
  const figures: Figure[] = [];
  const clock = new Clock();
  const show = (figure: Figure): void => void figures.push(figure);
  const curves = liveLines({ show, clock: clock.timers.now, mininterval: 10, ...options });
  return { curves, figures, clock };
}

describe("liveLines", () => {
  test("draws in a loop without awaits once the plotting library is there", async () => {
    const { curves, figures, clock } = recorded({ labels: ["training"], yLabel: "loss" });
    curves.push(0, 3);
    await curves.flush();
    assert.equal(figures.length, 1);
    for (let step = 1; step <= 40; step++) {
      curves.push(step, 3 / step);
      clock.time += 1000;
    }
    assert.equal(figures.length, 4);
    await curves.flush();
    assert.equal(figures.length, 5);
    assert.equal(figures[4].svg, (await curves.figure()).svg);
    await curves.flush();
    assert.equal(figures.length, 5);
  });

  test("the figure is that of plotLines", async () => {
    const { curves } = recorded({ title: "Loss", xLabel: "epoch", yScale: "log" });
    for (const [epoch, loss] of [3, 2, Number.NaN, 1].entries())
      curves.push(epoch, { training: loss, validation: BigInt(epoch + 1) });
    const lines = [
      [3, 2, Number.NaN, 1],
      [1, 2, 3, 4],
    ];
    const figure = await plotLines(lines, {
      labels: ["training", "validation"],
      title: "Loss",
      xLabel: "epoch",
      yScale: "log",
    });
    assert.equal((await curves.figure()).svg, figure.svg);
    assert.equal(String(curves), "LiveLines(2 curves, 4 steps)");
  });

  test("a curve without a value at a step goes on later, and others may come", async () => {
    const { curves } = recorded();
    curves.push(0, { training: 4 });
    curves.push(1, { training: 3, validation: null });
    curves.push(2, { training: 2, validation: 5 });
    curves.push(3, { validation: undefined, training: 1 });
    curves.push(4, { validation: 3 });
    const { svg } = await curves.figure();
    const [training, validation] = [...svg.matchAll(/stroke-width="2"[^>]*><path d="([^"]+)"/g)].map(
      ([, d]) => d,
    );
    assert.equal(training.match(/[ML]/g)?.length, 4);
    assert.equal(validation.match(/[ML]/g)?.length, 2);
    assert.ok(walk(svg).texts.includes("validation"));
  });

  test("values in order, and no values yet", async () => {
    const { curves } = recorded();
    assert.match((await curves.figure()).svg, /^<svg /);
    curves.push(0, [1, null]);
    curves.push(1, [2, 3]);
    assert.equal(String(curves), "LiveLines(2 curves, 2 steps)");
    assert.throws(() => curves.push(2, [1]), /a value for each of 2 curves, or null; got 1/);
    assert.throws(() => curves.push(2, 1), ValueError);
    assert.throws(() => curves.push(2, { a: 1 }), /the curves have no names/);
    assert.equal(String(curves), "LiveLines(2 curves, 2 steps)");
  });

  test("says what it takes, and adds nothing of what is wrong", async () => {
    const { curves } = recorded({ labels: ["a", "b"] });
    const wrong =
      (values: unknown): (() => void) =>
      () =>
        curves.push(0, values as LiveValues);
    assert.throws(wrong({ a: 1, c: 2 }), /no curve is called "c"; there are "a", "b"/);
    assert.throws(wrong(tensor(1)), /of a tensor give await loss\.item\(\); got a Tensor/);
    assert.throws(wrong({ a: 1, b: tensor(1) }), /give await loss\.item\(\); got .* for b/);
    assert.throws(wrong([1, "2"]), ArgumentError);
    assert.throws(wrong("1"), ArgumentError);
    assert.throws(() => curves.push(Number.NaN, [1, 2]), /step is a finite number/);
    assert.equal(String(curves), "LiveLines(2 curves, 0 steps)");
    assert.throws(() => liveLines(["a", "a"]), /labels must differ/);
    assert.throws(() => liveLines({ mininterval: -1 }), /mininterval is seconds from 0; got -1/);
    assert.throws(() => liveLines({ yRange: [1, 0] }), /yRange must be \[low, high\]/);
    assert.throws(() => liveLines({ yScale: "log", yRange: [0, 1] }), /lies above 0/);
  });

  test("a terminal shows nothing", async () => {
    const curves = liveLines();
    curves.push(0, 1);
    await curves.flush();
    assert.equal(String(curves), "LiveLines(1 curve, 1 step)");
  });

  test("a show that fails is not passed over", async () => {
    const { curves } = recorded({ show: () => Promise.reject(new Error("no room")) });
    curves.push(0, 1);
    await assert.rejects(curves.flush(), /no room/);
  });
});

type Call = readonly [svg: string, options: { readonly display_id: string; readonly update: boolean }];
type Here = { Deno?: unknown; [cell: symbol]: unknown };
const here = globalThis as unknown as Here;
const CELL = Symbol.for("flambeau.show");
/** Deno's own, which is read-only there. */
const own = Object.getOwnPropertyDescriptor(here, "Deno");

describe("notebooks", () => {
  afterEach(() => {
    delete here[CELL];
    if (own === undefined) delete here.Deno;
    else Object.defineProperty(here, "Deno", own);
  });

  test("a page's cells are given each drawing under one description, and two curves under two", async () => {
    const shown: [svg: string, description: string][] = [];
    here[CELL] = (figure: Figure, description: string) => shown.push([figure.svg, description]);
    const options = { xLabel: "epoch", yLabel: "test loss", mininterval: 0 };
    const [first, second] = [liveLines(options), liveLines(options)];
    for (const curves of [first, second, first]) {
      curves.push(shown.length, 1);
      await curves.flush();
    }
    assert.deepEqual(
      shown.map(([, description]) => description),
      ["test loss over epoch", "test loss over epoch (2)", "test loss over epoch"],
    );
    assert.equal(shown[2][0], (await first.figure()).svg);
  });

  test("Deno's kernel displays the first drawing and updates it", async () => {
    const calls: Call[] = [];
    const display = async (figure: Figure, options: Call[1]): Promise<void> => {
      await settled();
      calls.push([figure.svg, options]);
    };
    Object.defineProperty(here, "Deno", { value: { jupyter: { display } }, configurable: true });
    const [first, second] = [liveLines({ mininterval: 0 }), liveLines({ mininterval: 0 })];
    for (const curves of [first, second, first]) {
      curves.push(calls.length, 1);
      await curves.flush();
    }
    const [a, b, c] = calls.map(([, options]) => options);
    assert.deepEqual([a.update, b.update, c.update], [false, false, true]);
    assert.equal(a.display_id, c.display_id);
    assert.notEqual(a.display_id, b.display_id);
    assert.equal(calls[2][0], (await first.figure()).svg);
  });

  test("a last expression shows the picture", async () => {
    const curves = liveLines();
    curves.push(0, 1);
    const shown = curves as unknown as Record<symbol, () => Promise<Record<string, string>>>;
    assert.deepEqual(await shown[Symbol.for("Jupyter.display")](), {
      "image/svg+xml": (await curves.figure()).svg,
      "text/plain": "LiveLines(1 curve, 1 step)",
    });
  });
});
