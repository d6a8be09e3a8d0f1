/** What the tensor package does on a device that cannot be read at once: reading, moving, indexing, errors, random numbers. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { DeviceError, DTypeError, IndexError, ValueError } from "@flambeau/backend";
import { functional } from "@flambeau/nn";
import * as T from "@flambeau/tensor";
import "@flambeau/autograd";
import { devices, testOn } from "./devices.ts";

const long = (...list: number[]): T.Tensor => T.tensor(BigInt64Array.from(list, BigInt));
const grid = (): T.Tensor => T.arange(6).reshape([2, 3]);
const numpyBytes = await T.toNpy(grid());

for (const device of devices) {
  const on = { device: device.name };
  /** Runs on the CPU and on the device, and compares dtypes, shapes and elements. */
  const same = async (run: (place: (x: T.Tensor) => T.Tensor, device: string) => T.Tensor): Promise<void> => {
    const wanted = run((x) => x, "cpu");
    const got = run((x) => x.to(device.name), device.name);
    assert.equal(got.device, device.name);
    assert.deepEqual([got.dtype, got.shape], [wanted.dtype, wanted.shape]);
    assert.deepEqual(await got.data(), wanted.dataSync());
  };
  const here = (name: string, run: () => void | Promise<void>): void => testOn(device, name, run);
  const gpu = (x: T.Tensor): T.Tensor => x.to(device.name);
  const refused = (run: () => unknown, message: RegExp): void => {
    assert.throws(run, (error) => error instanceof DeviceError && message.test(error.message));
  };

  describe(`tensors on ${device.name}`, () => {
    here("creation", async () => {
      await same((_, d) =>
        T.tensor(
          [
            [1, 2.5],
            [3, -4],
          ],
          { device: d },
        ),
      );
      await same((_, d) => T.tensor([1n, -2n], { device: d }));
      await same((_, d) => T.tensor([true, false], { device: d }));
      await same((_, d) => T.full([2, 2], 7, { device: d, dtype: "uint8" }));
      await same((_, d) => T.zeros([0, 3], { device: d }));
      await same((_, d) => T.arange(2n, 8n, 3n, { device: d }));
      await same((_, d) => T.linspace(0, 1, 5, { device: d }));
      await same((_, d) => T.logspace(0, 3, 4, 2, { device: d }));
      await same((_, d) => T.eye(2, 3, { device: d }));
      await same((place) => T.onesLike(place(grid())));
      await same((place) => T.fullLike(place(long(1, 2)), 3));
      await same((_, d) => T.fromNpy(numpyBytes).to(d));
      await same((_, d) => T.fromNumpy(Float32Array.of(1, 2), [2], { device: d }));
      await same((place) => T.tensor(place(grid())));
      await same((_, d) => T.asTensor([1, 2], { device: d }));
    });

    here("dtypes it has not are refused where they are named", () => {
      assert.throws(() => T.zeros([2], { ...on, dtype: "float64" }), DTypeError);
      assert.throws(() => T.tensor([1], { ...on, dtype: "float64" }), DTypeError);
      assert.throws(() => T.rand([2], { ...on, dtype: "float64" }), DTypeError);
      assert.throws(() => gpu(grid()).double(), DTypeError);
      assert.throws(
        () => T.tensor([1], { dtype: "float64" }).to(device.name),
        /has no float64; convert on the way: x\.to\(\{ dtype: "float32"/,
      );
      assert.equal(T.tensor([1], { dtype: "float64" }).to({ dtype: "float32", ...on }).dtype, "float32");
      for (const [dtype, wider] of [
        ["int8", "int32"],
        ["int16", "int32"],
        ["bfloat16", "float32"],
      ] as const) {
        assert.throws(() => T.zeros([2], { ...on, dtype }), DTypeError);
        assert.throws(() => T.tensor([1]).to(dtype).to(device.name), {
          message: `the device ${device.name} has no ${dtype}; convert on the way: x.to({ dtype: "${wider}", device: "${device.name}" })`,
        });
      }
    });

    here("int64 has 64 bits, and wraps beyond them as on the CPU", async () => {
      const most = 2n ** 63n - 1n;
      const big = (): T.Tensor => T.tensor([3_000_000_000n, -(2n ** 62n), most, 7n]);
      await same((place) => place(big()).add(1n));
      await same((place) => place(big()).mul(place(big())));
      await same((place) => place(big()).square());
      await same((place) => place(big()).sub(place(big()).neg()));
      await same((place) => place(big()).sum());
      await same((place) => place(big()).prod());
      await same((place) => place(big()).cumsum(0));
      await same((place) => place(big()).cumprod(0));
      await same((place) => place(big()).sort(0).values);
      await same((place) => place(big()).argmax());
      await same((place) => place(big()).floorDivide(-7n));
      await same((place) => place(big()).remainder(1000n));
      await same((place) => place(big()).float());
      await same((place) => place(big()).eq(most));
      await same((place) => place(big()).clamp(-5n, 2n ** 40n));
      await same((place) =>
        place(big())
          .reshape([2, 2])
          .matmul(place(big()).reshape([2, 2])),
      );
      await same((place) =>
        place(T.zeros([2], { dtype: "int64" })).scatterAdd_(0, place(long(0, 1, 1, 0)), place(big())),
      );
      await same((place) => place(T.tensor([3e9, -3e9, 2.5, 1e18])).to("int64"));
      await same((_, d) => T.full([3], 1e9, { dtype: "int32", device: d }).sum());
      await same((_, d) => T.full([3], 2 ** 30, { dtype: "int32", device: d }).mul(4));
      await same((_, d) => T.full([3], 2 ** 30, { dtype: "int64", device: d }).mul(4));
      await same((_, d) => T.arange(2n ** 40n, 2n ** 40n + 3n, 1n, { device: d }));
    });

    here("integers divided by zero are refused by the next read, and by no other", async () => {
      const x = gpu(long(7, 8));
      const zero = gpu(long(1, 0));
      const bad: [() => T.Tensor, RegExp][] = [
        [() => x.floorDivide(zero), /^floorDivide: integers cannot be divided by zero$/],
        [() => x.remainder(zero), /^remainder: integers have no remainder by zero$/],
        [() => x.fmod(zero.int()), /^fmod: integers have no remainder by zero$/],
        [() => x.div(zero, { roundingMode: "floor" }), /^floorDivide: /],
        [() => x.div(zero, { roundingMode: "trunc" }), /^fmod: /],
        [() => x.clone().floorDivide_(zero), /^floorDivide: /],
      ];
      for (const [run, message] of bad) {
        const y = run();
        await assert.rejects(
          y.data(),
          (error: Error) => error instanceof ValueError && message.test(error.message),
        );
        assert.deepEqual(await x.toArray(), [7, 8]);
      }
      assert.deepEqual(await x.div(zero).toArray(), [7, Infinity]);
      assert.deepEqual(await x.float().floorDivide(zero).toArray(), [7, Infinity]);
      assert.throws(() => x.floorDivide(0), ValueError);
      assert.deepEqual(await zero.floorDivide(x).toArray(), [0, 0]);
    });

    here("reading waits, and says how where it cannot", async () => {
      const x = gpu(grid());
      assert.deepEqual(await x.toArray(), [
        [0, 1, 2],
        [3, 4, 5],
      ]);
      assert.deepEqual(await x.T.data(), Float32Array.of(0, 3, 1, 4, 2, 5));
      assert.equal(await x.sum().item(), 15);
      assert.equal(await x.gt(3).any().item(), true);
      refused(() => x.dataSync(), /cannot be read at once: use await x\.data\(\)/);
      refused(() => x.sum().itemSync(), /await x\.item\(\)/);
      refused(() => x.toArraySync(), /await x\.toArray\(\)/);
      refused(() => x.tolist(), /await/);
      refused(() => x.numpy(), /await x\.data\(\)/);
      refused(() => x.to("cpu"), /use await x\.cpu\(\)/);
      refused(() => x.to({ device: "cpu", copy: true }), /use await x\.cpu\(\)/);
      assert.deepEqual(T.fromNpy(await T.toNpy(x)).toArraySync(), grid().toArraySync());
    });

    here("cpu() brings elements to the CPU from everywhere", async () => {
      for (const x of [
        grid(),
        long(1, -2),
        T.tensor([true, false]),
        T.tensor([3], { dtype: "uint8" }),
        T.zeros([0]),
      ]) {
        assert.equal(await x.cpu(), x);
        const back = await gpu(x).cpu();
        assert.deepEqual([back.device, back.dtype, back.toArraySync()], ["cpu", x.dtype, x.toArraySync()]);
      }
      // As it is when asked for, whatever is written meanwhile.
      const x = gpu(grid());
      const before = x.cpu();
      x.add_(10);
      assert.deepEqual((await before).toArraySync(), grid().toArraySync());
      const leaf = T.tensor([1, 2], { ...on, requiresGrad: true });
      const y = (await leaf.mul(leaf).cpu()).mul(3);
      y.sum().backward();
      assert.deepEqual(await (leaf.grad as T.Tensor).toArray(), [6, 12]);
      const there = T.tensor([1, 2], { requiresGrad: true });
      assert.throws(() => gpu(there).square().sum().backward(), /make the leaf on the device/);
      assert.equal(there.grad, null);
    });

    here("text", async () => {
      const x = gpu(grid());
      assert.equal(String(x), `tensor(..., size=(2, 3), dtype=float32, device='${device.name}')`);
      assert.equal(
        await x.toStringAsync(),
        `tensor([[0., 1., 2.],\n        [3., 4., 5.]], device='${device.name}')`,
      );
      assert.match(await T.zeros([2000], on).toStringAsync(), /^tensor\(\[0\., 0\., 0\., {2}\.\.\., 0\.,/);
    });

    here("tensors of two devices do not mix, whatever the op", () => {
      const a = grid();
      const b = gpu(grid());
      const name = device.name;
      const both = new RegExp(`${name}.*cpu|cpu.*${name}`);
      const fix = new RegExp(`\\.to\\("${name}"\\)`);
      for (const run of [
        () => a.add(b),
        () => b.add(a),
        () => b.mul_(a),
        () => a.matmul(b.T),
        () => T.cat([b, a]),
        () => T.stack([a, b]),
        () => T.where(b.gt(1), b, a),
        () => T.where(a.gt(1), b, b),
        () => b.maskedFill(a.gt(1), 0),
        () => b.gather(0, long(0).reshape([1, 1])),
        () => b.scatter(0, long(0).reshape([1, 1]), 1),
        () => b.indexSelect(0, long(0)),
        () => b.copy_(a),
        () => T.linear(b, a),
        () => T.clamp(b, a, 3),
      ]) {
        refused(run, both);
        refused(run, fix);
      }
      refused(() => a.at(gpu(long(0))), /write x\.at\(await index\.cpu\(\)\)/);
    });

    here("indexing", async () => {
      await same((place) => place(grid()).at(1));
      await same((place) => place(grid()).at(":", "::2"));
      await same((place) => place(grid()).at([1, 0, -1]));
      await same((place) => place(grid()).at(":", place(long(2, -3))));
      await same((place) => place(grid()).at(long(-1, 0), long(0, -1)));
      await same((place) => place(grid()).at(grid().gt(2)));
      await same((place) => place(grid()).at(":", T.tensor([true, false, true])));
      await same((place) => place(grid()).at(T.tensor(false)));
      await same((place) => place(grid()).maskedSelect(grid().gt(2)));
      assert.throws(() => gpu(grid()).at([2]), IndexError);
      assert.throws(() => gpu(grid()).at(long(0, 2)), IndexError);
      assert.throws(() => gpu(grid()).at(2), IndexError);
      await assert.rejects(
        gpu(grid())
          .at(gpu(long(0, 2)))
          .data(),
        IndexError,
      );
      await assert.rejects(
        gpu(grid())
          .gather(0, gpu(long(5).reshape([1, 1])))
          .data(),
        IndexError,
      );
      assert.deepEqual(await gpu(grid()).sum().item(), 15);
    });

    here(
      "where the result's size depends on the elements, the error has the line to write, which works",
      async () => {
        const x = gpu(grid());
        const [mask, row, numbers] = [x.gt(2), x.at(0).gt(0), gpu(long(3, 0, 3))];
        const repeats = gpu(long(2, 0, 1));
        const weights = gpu(T.tensor([1, 2, 4]));
        /** What is refused, the line that its error shows, what that line computes, and what comes out. */
        const cases: [() => unknown, string, () => Promise<T.Tensor | T.Tensor[]>, unknown][] = [
          [() => x.at(mask), "x.at(await mask.cpu())", async () => x.at(await mask.cpu()), [3, 4, 5]],
          [
            () => x.at(":", row),
            "x.at(await mask.cpu())",
            async () => x.at(":", await row.cpu()),
            [
              [1, 2],
              [4, 5],
            ],
          ],
          [
            () => x.at(mask.any()),
            "x.at(await mask.cpu())",
            async () => x.at(await mask.any().cpu()),
            [
              [
                [0, 1, 2],
                [3, 4, 5],
              ],
            ],
          ],
          [
            () => x.maskedSelect(mask),
            "x.maskedSelect(await mask.cpu())",
            async () => x.maskedSelect(await mask.cpu()),
            [3, 4, 5],
          ],
          [
            () => x.nonzero(),
            "(await x.cpu()).nonzero()",
            async () => (await x.cpu()).nonzero(),
            [
              [0, 1],
              [0, 2],
              [1, 0],
              [1, 1],
              [1, 2],
            ],
          ],
          [() => T.where(row), "where(await x.cpu())", async () => T.where(await row.cpu()), [[1, 2]]],
          [
            () => numbers.unique(),
            "(await x.cpu()).unique()",
            async () => (await numbers.cpu()).unique(),
            [0, 3],
          ],
          [
            () => T.uniqueAll(numbers),
            "uniqueAll(await x.cpu())",
            async () => T.uniqueAll(await numbers.cpu()).counts,
            [1, 2],
          ],
          [
            () => numbers.bincount(),
            "(await x.cpu()).bincount()",
            async () => (await numbers.cpu()).bincount(),
            [1, 0, 0, 2],
          ],
          [
            () => numbers.bincount(weights),
            "(await x.cpu()).bincount(await weights.cpu())",
            async () => (await numbers.cpu()).bincount(await weights.cpu()),
            [2, 0, 0, 5],
          ],
          [
            () => x.repeatInterleave(repeats, 1),
            "x.repeatInterleave(await repeats.cpu())",
            async () => x.repeatInterleave(await repeats.cpu(), 1),
            [
              [0, 0, 2],
              [3, 3, 5],
            ],
          ],
          [
            () => functional.oneHot(gpu(long(1, 0))),
            "oneHot(labels, numClasses)",
            async () => functional.oneHot(gpu(long(1, 0)), 2),
            [
              [0, 1],
              [1, 0],
            ],
          ],
          [
            () => x.clone().set([mask], gpu(T.tensor([7, 8, 9]))),
            "x.set([await mask.cpu()], value)",
            async () => x.clone().set([await mask.cpu()], gpu(T.tensor([7, 8, 9]))),
            [
              [0, 1, 2],
              [7, 8, 9],
            ],
          ],
          [
            () => x.clone().set([x.at(":", 0).gt(2), gpu(long(0))], 1),
            "x.set([await mask.cpu()], value)",
            async () => x.clone().set([await x.at(":", 0).gt(2).cpu(), gpu(long(0))], 1),
            [
              [0, 1, 2],
              [1, 4, 5],
            ],
          ],
          [() => T.equal(x, x), "await a.eq(b).all().item()", async () => x.eq(x).all(), true],
          [
            () => T.allclose(x, x),
            "await isclose(a, b).all().item()",
            async () => T.isclose(x, x).all(),
            true,
          ],
          [
            () => T.tensor([[1, 2]]).at(":", gpu(long(1))),
            "x.at(await index.cpu())",
            async () => T.tensor([[1, 2]]).at(":", await gpu(long(1)).cpu()),
            [[2]],
          ],
        ];
        for (const [run, line, instead, wanted] of cases) {
          assert.throws(run, (error: Error) => {
            assert.ok(error instanceof DeviceError, `${error}`);
            assert.ok(error.message.endsWith(`write ${line}`), error.message);
            return true;
          });
          const got = await instead();
          const arrays = await Promise.all((Array.isArray(got) ? got : [got]).map((y) => y.toArray()));
          assert.deepEqual(Array.isArray(got) ? arrays : arrays[0], wanted, line);
        }
        assert.equal(T.equal(x, x.ravel()), false);
        // What a mask that was brought over selects is on the device, and has a gradient there.
        const leaf = gpu(grid()).requiresGrad_();
        const picked = leaf.at(await mask.cpu());
        assert.equal(picked.device, device.name);
        picked.square().sum().backward();
        assert.deepEqual(await leaf.grad?.toArray(), [
          [0, 0, 0],
          [6, 8, 10],
        ]);
      },
    );

    here("masked writes", async () => {
      const write = (f: (x: T.Tensor, place: (x: T.Tensor) => T.Tensor) => unknown): Promise<void> =>
        same((place) => {
          const x = place(T.arange(12).reshape([2, 3, 2]));
          f(x, place);
          return x;
        });
      await write((x) => x.set([x.gt(4)], -1));
      await write((x) => x.set(x.gt(4), -1));
      await write((x, place) => x.set([x.gt(4)], place(T.tensor(-1))));
      await write((x, place) => x.set([x.gt(4)], place(T.tensor([-1]))));
      await write((x, place) => x.set([x.at(":", ":", 0).gt(4)], place(T.tensor([[-1, -2]]))));
      await write((x) => x.set([":", place3(x)], -1));
      await write((x, place) => x.set([":", place3(x)], place(T.tensor([[[7, 8]], [[9, 10]]]))));
      await write((x) => x.set([1, place3(x)], -1));
      await write((x) => x.set(["...", x.at(0, 0).gt(0)], -1));
      await write((x) => x.set([x.at(":", 0, 0).gt(0), 1], -1));
      await write((x) => x.set([x.sum().gt(0)], -1));
      await write((x) => x.set([x.sum().lt(0)], -1));
      await write((x) => x.set([null, x.at(":", 0, 0).gt(0)], -1));
      await write((x) => x.set([[1], ":", [0]], 5));
      await write((x, place) => x.set([place(long(1, 0))], place(T.ones([2, 3, 2]))));
      await write((x) => x.set([T.arange(12).reshape([2, 3, 2]).gt(8)], place12(x)));
      await write((x) => x.maskedFill_(x.gt(4), 0));
      assert.throws(() => gpu(grid()).set([gpu(T.tensor([true]))], 1), IndexError);
    });

    here("gradients through masked writes", async () => {
      await same((place) => {
        const x = place(grid()).requiresGrad_();
        const y = x.mul(2);
        y.set([x.gt(2)], 1);
        y.square().sum().backward();
        return x.grad as T.Tensor;
      });
    });

    here("random numbers come from one stream on every device", async () => {
      const drawn = async (
        run: (place: (x: T.Tensor) => T.Tensor, device: string) => T.Tensor,
      ): Promise<void> => {
        await same((place, d) => {
          T.manualSeed(5);
          const first = run(place, d);
          // What follows continues the stream where the CPU's would.
          return T.cat([first.float().ravel(), T.rand([2], { device: d })]);
        });
      };
      await drawn((_, d) => T.rand([40], { device: d }));
      await drawn((_, d) => T.randn([40], { device: d }));
      await drawn((_, d) => T.randint(3, 9, [20], { device: d }));
      await drawn((_, d) => T.randperm(9, { device: d }));
      for (const f of ["uniform_", "normal_", "exponential_", "logNormal_", "cauchy_"] as const)
        await drawn((place) => place(T.zeros([5, 4]))[f]());
      await drawn((place) => place(T.zeros([20])).random_(0, 9));
      await drawn((place) => place(T.zeros([20])).geometric_(0.3));
      await drawn((place) => place(T.zeros([20])).bernoulli_(0.3));
      await drawn((place) => place(T.zeros([4, 5])).bernoulli_(place(T.linspace(0, 1, 5))));
      await drawn((place) =>
        place(T.zeros([4, 5], { dtype: "int64" })).bernoulli_(place(T.linspace(0, 1, 5))),
      );
      await drawn((place) => T.bernoulli(place(T.linspace(0, 1, 64))));
      await drawn((place) => T.bernoulli(place(T.rand([6, 5])).T));
      await drawn((place) =>
        T.multinomial(
          place(
            T.tensor([
              [0.2, 0.5, 0.3],
              [1, 0, 3],
            ]),
          ),
          6,
          { replacement: true },
        ),
      );
      await drawn((place) => T.multinomial(place(T.arange(9)), 5));
      T.manualSeed(5);
      const mean = gpu(T.tensor([1, 2, 3]));
      assert.equal(T.normal(mean, gpu(T.tensor([1, 10, 100]))).device, device.name);
      await drawn((place) => T.normal(0, place(T.ones([3]))));
      await assert.rejects(T.multinomial(gpu(T.tensor([-1, 1])), 1).data(), ValueError);
      assert.throws(() => T.multinomial(gpu(T.tensor([1, 1])), 3), ValueError);
    });

    here("least squares goes to the CPU and back", async () => {
      const A = T.tensor([
        [1, 0],
        [1, 1],
        [1, 2],
        [1, 4],
      ]);
      const b = T.tensor([1, 3, 5, 8]);
      await same((place) => T.linalg.lstsq(place(A), place(b)).solution);
      for (const driver of ["gels", "gelsd"] as const) {
        for (const key of ["solution", "residuals", "rank", "singularValues"] as const)
          await same((place) => T.linalg.lstsq(place(A), place(b), { driver })[key]);
      }
      await same((place) => T.linalg.lstsq(place(A), place(b)).rank);
      await same((place) => T.linalg.lstsq(place(A.T.contiguous()), place(T.tensor([[1], [2]]))).residuals);
      // In the stream's order: what is written before counts, what is written after does not.
      const x = gpu(
        T.tensor([
          [1, 0],
          [0, 1],
        ]),
      );
      x.mul_(2);
      const { solution } = T.linalg.lstsq(x, gpu(T.tensor([2, 4])));
      x.zero_();
      assert.deepEqual(await solution.add(1).toArray(), [2, 3]);
      const deficient = T.linalg.lstsq(gpu(T.ones([3, 2])), gpu(T.tensor([1, 2, 3])), { driver: "gelsd" });
      assert.deepEqual(await deficient.residuals.toArray(), [Number.NaN]);
      assert.equal(await deficient.rank.item(), 1);
      refused(() => T.linalg.lstsq(gpu(A), b), new RegExp(`\\.to\\("${device.name}"\\)`));
      await assert.rejects(T.linalg.lstsq(gpu(A.mul(Infinity)), gpu(b)).solution.data(), ValueError);
      await same((place) => T.linalg.svdvals(place(A)));
      await same((place) => place(A).norm("nuc", [1, 0], { keepdim: true }));
      await same((place) => T.linalg.matrixNorm(place(A), 2));
      await assert.rejects(T.linalg.svdvals(gpu(A.mul(Infinity))).data(), ValueError);
    });

    here("tensors that were disposed", async () => {
      const x = gpu(grid());
      x.dispose();
      await assert.rejects(x.data(), DeviceError);
      await assert.rejects(x.cpu(), DeviceError);
      assert.equal(String(x), "tensor(disposed)");
    });
  });
}

/** A mask along the second dimension of a [2, 3, 2] tensor, on its device. */
const place3 = (x: T.Tensor): T.Tensor => x.at(0, ":", 0).ne(2);
/** Values for the three elements above 8 in a [2, 3, 2] tensor, on its device. */
const place12 = (x: T.Tensor): T.Tensor => T.tensor([7, 8, 9], { device: x.device });
