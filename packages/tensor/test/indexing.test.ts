/** Indexing against a naive model: every entry is worked out by hand for each dimension. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as T from "@flambeau/tensor";
import fc from "fast-check";
import { count, elementAt, positions } from "./model.ts";

interface Entry {
  readonly index: T.Index;
  /** The positions it selects, and whether it leaves a dimension. */
  readonly selects: readonly number[];
  readonly kept: boolean;
}

/** At most one list of positions or mask: with it alone, indexing is a grid. */
const cases = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }).chain((shape) =>
  fc.record({
    shape: fc.constant(shape),
    entries: fc.tuple(...shape.map((size) => entry(size))),
    listAt: fc.option(fc.nat({ max: shape.length - 1 })),
    list: fc.array(fc.integer({ min: -1, max: 0 }), { minLength: 1, maxLength: 3 }),
    mask: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    asMask: fc.boolean(),
    trailing: fc.boolean(),
  }),
);

function entry(size: number): fc.Arbitrary<Entry> {
  const at = fc.integer({ min: -size, max: size - 1 }).map((i) => ({
    index: i,
    selects: [i < 0 ? i + size : i],
    kept: false,
  }));
  const bound = fc.option(fc.integer({ min: -size - 2, max: size + 2 }));
  const range = fc
    .tuple(bound, bound, fc.option(fc.integer({ min: 1, max: 3 })))
    .map(([start, stop, step]) => {
      const all = Array.from({ length: size }, (_, i) => i);
      const from = start ?? 0;
      // What Array.prototype.slice does with bounds is what Python does.
      const selects = all.slice(from, stop ?? size).filter((_, k) => k % (step ?? 1) === 0);
      return { index: `${start ?? ""}:${stop ?? ""}${step === null ? "" : `:${step}`}`, selects, kept: true };
    });
  return fc.oneof(
    at,
    range,
    fc.constant({ index: ":", selects: Array.from({ length: size }, (_, i) => i), kept: true }),
  );
}

function prepared(c: {
  shape: number[];
  entries: readonly Entry[];
  listAt: number | null;
  list: number[];
  mask: boolean[];
  asMask: boolean;
  trailing: boolean;
}): { x: T.Tensor; index: T.Index[]; entries: Entry[] } {
  const x = T.arange(count(c.shape), { dtype: "float64" }).reshape(c.shape);
  const entries = c.entries.map((e, d) => {
    if (d !== c.listAt) return e;
    const size = c.shape[d];
    if (c.asMask) {
      const mask = c.mask.slice(0, size);
      const selects = mask.flatMap((on, i) => (on ? [i] : []));
      return { index: T.tensor(mask), selects, kept: true };
    }
    return { index: c.list as T.Index, selects: c.list.map((i) => (i < 0 ? i + size : i)), kept: true };
  });
  const index = entries.map((e) => e.index);
  // Whole dimensions at the end may be left out, or "..." said for them.
  while (c.trailing && index.length > 1 && index.at(-1) === ":") index.pop();
  if (c.trailing && index.length < entries.length) index.push("...");
  return { x, index, entries };
}

/** For each position of the result, where it comes from. */
function sources(entries: readonly Entry[]): { shape: number[]; from: number[][] } {
  const kept = entries.filter((e) => e.kept);
  const shape = kept.map((e) => e.selects.length);
  const from = positions(shape).map((p) => {
    let k = 0;
    return entries.map((e) => (e.kept ? e.selects[p[k++]] : e.selects[0]));
  });
  return { shape, from };
}

describe("indexing", () => {
  test("at reads what the model selects", () => {
    fc.assert(
      fc.property(cases, (c) => {
        const { x, index, entries } = prepared(c);
        const { shape, from } = sources(entries);
        const model = { shape: c.shape, elements: [...x.dataSync()] as number[] };
        const out = x.at(...index);
        assert.deepEqual([...out.shape], shape);
        assert.deepEqual(
          [...out.dataSync()],
          from.map((p) => elementAt(model, p)),
        );
        const isView = !entries.some((e) => typeof e.index === "object");
        assert.equal(out.storage === x.storage, isView, "ranges and positions share memory, lists do not");
      }),
      { numRuns: 500 },
    );
  });

  test("set writes there and nowhere else", () => {
    fc.assert(
      fc.property(cases, fc.boolean(), fc.constantFrom("plain", "transposed"), (c, scalar, layout) => {
        const { x: plain, index, entries } = prepared(c);
        const x = layout === "plain" ? plain : plain.T.contiguous().T;
        const { shape, from } = sources(entries);
        const expected = [...x.dataSync()] as number[];
        const value = T.arange(100, 100 + count(shape), { dtype: "float64" }).reshape(shape);
        from.forEach((p, k) => {
          expected[p.reduce((at, i, d) => at * c.shape[d] + i, 0)] = scalar ? -1 : 100 + k;
        });
        x.set(index, scalar ? -1 : value);
        assert.deepEqual([...x.dataSync()], expected);
        assert.ok(x.storage.version >= 1);
      }),
      { numRuns: 500 },
    );
  });

  test("a mask reads and writes as where does", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 12 }), (flags) => {
        const x = T.arange(flags.length);
        const mask = T.tensor(flags, { dtype: "bool" });
        assert.deepEqual(
          x.at(mask).tolist(),
          flags.flatMap((on, i) => (on ? [i] : [])),
        );
        const y = x.clone().set([mask], -1);
        assert.deepEqual(y.tolist(), T.where(mask, -1, x).tolist());
      }),
    );
  });
});
