/** 64-bit integers, which WGSL does not have, in lines as long as several workgroups take. */
import { describe, test } from "node:test";
import { type Combine, input, ReduceKernel, type Strided } from "@flambeau/backend";
import { bothDevices, empty, forEachKind, noise, operand, PLAIN, same } from "./families.ts";

/** Integers of up to 64 bits, small and large ones. */
function longs(shape: readonly number[], seed: number): Strided {
  const n = shape.reduce((product, size) => product * size, 1);
  const [high, low] = [noise(n, seed), noise(n, seed + 1)];
  const values = Array.from(high, (x, i) => {
    const word = BigInt(Math.round(low[i] * 2 ** 31));
    return i % 3 === 0 ? word : BigInt.asIntN(64, (BigInt(Math.round(x * 2 ** 31)) << 32n) + word);
  });
  return operand("int64", shape, values, PLAIN);
}

describe("int64 on the GPU", () =>
  forEachKind((kind) => {
    test("reductions of short, long and very long lines", async () => {
      for (const combine of ["sum", "prod", "max", "min", "argmax", "argmin"] satisfies Combine[]) {
        const kernel = new ReduceKernel(combine, combine, { prepare: input(0) });
        for (const n of [3, 300, 40_000]) {
          const [x, out] = [longs([2, n], n), empty("int64", [2, 1], PLAIN)];
          const twins = bothDevices([x, out], (device, [from, to]) =>
            device.reduce(kernel, "int64", x.shape, [from], [], to),
          );
          await same(twins[1], out, `${combine} of ${n}`);
        }
      }
    });

    test("running sums and products of long lines", async () => {
      for (const combine of ["sum", "prod"] as const) {
        const [x, out] = [longs([2, 3000], 5), empty("int64", [2, 3000], PLAIN)];
        const twins = bothDevices([x, out], (device, [from, to]) => device.scan(combine, from, 1, to));
        await same(twins[1], out, combine);
      }
    });

    test("sorts of long lines, with ties in one of the words", async () => {
      const [x, shape] = [longs([2, 3000], 7), [2, 3000]];
      for (const descending of [false, true]) {
        const [out, places] = [empty("int64", shape, PLAIN), empty("int64", shape, PLAIN)];
        const twins = bothDevices([x, out, places], (device, [from, to, at]) =>
          device.sort(from, 1, descending, to, at),
        );
        await same(twins[1], out, "values");
        await same(twins[2], places, "places");
      }
    });

    test("products of matrices larger than a tile", async () => {
      for (const [m, n, k] of [
        [17, 31, 5],
        [65, 40, 66],
        ...(kind === "this adapter" ? [[128, 130, 150]] : []),
      ]) {
        const [a, b, out] = [longs([m, k], m), longs([k, n], n), empty("int64", [m, n], PLAIN)];
        const twins = bothDevices([a, b, out], (device, [x, y, to]) => device.matmul(x, y, to));
        await same(twins[2], out, `${m} by ${k} by ${n}`);
      }
    });
  }));
