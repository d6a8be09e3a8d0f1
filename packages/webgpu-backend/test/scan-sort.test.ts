import { describe, test } from "node:test";
import { type DType, isFloat } from "@flambeau/backend";
import fc from "fast-check";
import { lineCases } from "../../cpu-backend/test/cases.ts";
import {
  anyDType,
  bothDevices,
  empty,
  forEachKind,
  noise,
  operand,
  PLAIN,
  plainNoise,
  same,
  valuesOf,
} from "./families.ts";

const cases = lineCases(anyDType, valuesOf);

describe("scan", () =>
  forEachKind((kind) => {
    test("running sums and products of any dtype, dimension and layout", async () => {
      const combines = fc.constantFrom("sum" as const, "prod" as const);
      await fc.assert(
        fc.asyncProperty(
          cases,
          combines,
          async ({ dtype, shape, dim, values, layouts: [li, lo] }, combine) => {
            // Huge and tiny numbers leave float32's range, or are lost in it, where the CPU's doubles do not.
            const isExtreme = (v: number | bigint): boolean =>
              Number.isFinite(Number(v)) &&
              v !== 0 &&
              (Math.abs(Number(v)) > 1e20 || Math.abs(Number(v)) < 1e-20);
            if (isFloat(dtype) && values.some(isExtreme)) return;
            const x = operand(dtype, shape, values, li);
            const out = empty(dtype, shape, lo);
            const twins = bothDevices([x, out], (device, [source, to]) =>
              device.scan(combine, source, dim, to),
            );
            await same(twins[1], out, `${combine} of ${dtype} [${shape}] along ${dim}`, {
              tolerance: 2e-6,
              scale: combine === "sum" ? 30 : 0,
            });
          },
        ),
        { numRuns: 80 },
      );
    });

    test("lengths around those where the way of working changes", async () => {
      for (const n of [31, 32, 33, 63, 64, 65, 511, 512, 513, 5000]) {
        for (const [shape, dim] of [
          [[n], 0],
          [[n, 3], 0],
          [[3, n], 1],
        ] as const) {
          const x = plainNoise(shape, n);
          const out = empty("float32", shape, PLAIN);
          const twins = bothDevices([x, out], (device, [source, to]) => device.scan("sum", source, dim, to));
          await same(twins[1], out, `[${shape}] along ${dim}`, { tolerance: 1e-6, scale: Math.sqrt(n) });
          const ints = operand("int32", shape, [1, -7, 2 ** 30], PLAIN);
          const wrapped = empty("int32", shape, PLAIN);
          const others = bothDevices([ints, wrapped], (device, [source, to]) =>
            device.scan("sum", source, dim, to),
          );
          await same(others[1], wrapped, `int32 [${shape}] along ${dim}`);
        }
      }
    });

    test("infinities and nan go on to the end of a line and no further", async () => {
      const n = 700;
      const values = Array.from({ length: 3 * n }, (_, i) =>
        i === 300 ? Infinity : i === n + 600 ? NaN : 1,
      );
      const x = operand("float32", [3, n], values, PLAIN);
      const out = empty("float32", [3, n], PLAIN);
      const twins = bothDevices([x, out], (device, [source, to]) => device.scan("sum", source, 1, to));
      await same(twins[1], out, "special");
    });

    // About the grid only, which is the same for all kinds.
    if (kind === "this adapter") {
      test("more than 65535 workgroups", async () => {
        const x = plainNoise([33, 66_000], 9);
        const out = empty("float32", [33, 66_000], PLAIN);
        const twins = bothDevices([x, out], (device, [source, to]) => device.scan("sum", source, 0, to));
        await same(twins[1], out, "many lines", { tolerance: 1e-6, scale: 6 });
      });
    }
  }));

describe("sort", () =>
  forEachKind((kind) => {
    test("any dtype, dimension, direction and layout", async () => {
      await fc.assert(
        fc.asyncProperty(
          cases,
          fc.boolean(),
          async ({ dtype, shape, dim, values, layouts: [li, lv, lw] }, descending) => {
            const x = operand(dtype, shape, values, li);
            const out = empty(dtype, shape, lv);
            const where = empty("int64", shape, lw);
            const twins = bothDevices([x, out, where], (device, [source, to, at]) =>
              device.sort(source, dim, descending, to, at),
            );
            const what = `${dtype} [${shape}] along ${dim}, ${descending ? "descending" : "ascending"}`;
            await same(twins[1], out, what);
            await same(twins[2], where, `places of ${what}`);
          },
        ),
        { numRuns: 80 },
      );
    });

    test("long lines with ties, nan, infinities and zeros of both signs", async () => {
      const specials = [Number.NaN, Infinity, -Infinity, 0, -0];
      for (const [lines, n] of [
        [1, 1023],
        [1, 1024],
        [3, 1025],
        [2, 3000],
        [1, 20_000],
      ]) {
        const some = noise(lines * n, n);
        const values = Array.from(some, (x, i) => (i % 9 < 5 ? specials[i % 9] : Math.round(x * 50)));
        for (const descending of [false, true]) {
          const out = empty("float32", [lines, n], PLAIN);
          const where = empty("int64", [lines, n], PLAIN);
          const twins = bothDevices(
            [operand("float32", [lines, n], values, PLAIN), out, where],
            (device, [source, to, at]) => device.sort(source, 1, descending, to, at),
          );
          await same(twins[1], out, `${lines} of ${n}`);
          await same(twins[2], where, `places of ${lines} of ${n}`);
        }
      }
    });

    // About the grid only, which is the same for all kinds.
    if (kind === "this adapter") {
      test("many lines: more than 65535 workgroups", async () => {
        const dtype: DType = "float32";
        const shape = [2_200_000, 3];
        const x = plainNoise(shape, 4);
        const out = empty(dtype, shape, PLAIN);
        const where = empty("int64", shape, PLAIN);
        const twins = bothDevices([x, out, where], (device, [source, to, at]) =>
          device.sort(source, 1, false, to, at),
        );
        await same(twins[1], out, "many");
      });
    }
  }));
