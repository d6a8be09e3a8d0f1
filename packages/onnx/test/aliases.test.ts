/** Programs of views and writes, drawn by chance: each runs as it does here, or is refused, never wrong without a word. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { IndexError, ShapeError } from "@flambeau/backend";
import { TraceError } from "@flambeau/graph";
import { exportOnnx, OnnxError } from "@flambeau/onnx";
import fc from "fast-check";
import { noGrad, type Tensor, zeros } from "flambeau";
import { assertSame, run, sessionOf, wave } from "./runtime.ts";

/** A step: what is done, to which of the tensors there are, with which number. */
type Step = readonly [kind: number, which: number, number: number];

const views: readonly ((x: Tensor, k: number) => Tensor)[] = [
  (x, k) => x.select(0, k % x.shape[0]),
  (x, k) => x.at(`${k % 2}::2`),
  (x) => x.transpose(0, -1),
  (x) => x.unsqueeze(0),
  (x, k) => x.narrow(x.ndim - 1, 0, Math.max(1, Math.min(2, x.size(x.ndim - 1) - (k % 2)))),
  (x) => x.reshape([-1]),
  (x) => x.detach(),
  (x, k) => x.chunk(2, 0)[k % Math.min(2, x.chunk(2, 0).length)],
  (x) => x.view([1, ...x.shape]),
];

const writes: readonly ((x: Tensor, k: number) => unknown)[] = [
  (x, k) => x.add_(k),
  (x) => x.mul_(-2),
  (x, k) => x.fill_(k),
  (x) => x.zero_(),
  (x, k) => x.copy_(zeros(x.shape).add(k)),
  (x, k) => x.set([0], k),
  (x) => x.set([x.gt(1)], 7),
  (x) => x.clamp_(-1, 1),
  (x) => x.sigmoid_(),
  (x) => x.set(["::2"], x.at("::2").neg()),
];

const fresh: readonly ((x: Tensor, k: number) => Tensor)[] = [
  (x) => x.mul(2),
  (x) => x.clone(),
  (x) => x.flip([0]),
];

function program(steps: readonly Step[]): (x: Tensor) => Tensor[] {
  return (x) => {
    const tensors = [x.clone(), x.mul(0.5)];
    for (const [kind, which, k] of steps) {
      const one = tensors[which % tensors.length];
      if (one.ndim === 0) continue;
      const list = kind % 7;
      if (list < 3) tensors.push(views[(kind + k) % views.length](one, k));
      else if (list < 6) writes[(kind + k) % writes.length](one, k);
      else tensors.push(fresh[k % fresh.length](one, k));
    }
    return tensors;
  };
}

const steps = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 62 }), fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 5 })),
  { minLength: 3, maxLength: 9 },
);

for (const isOpen of [false, true])
  test(`writes through views are followed or refused, ${isOpen ? "of an open size" : "of fixed sizes"}`, async () => {
    let [followed, refused] = [0, 0];
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        const model = program(list);
        const [a, b] = [wave([4, 3]), wave([isOpen ? 6 : 4, 3], "float32", -3, 1)];
        let bytes: Uint8Array;
        try {
          bytes = await exportOnnx(model, [a], { dynamicAxes: isOpen ? [{ 0: "n" }] : [] });
        } catch (error) {
          // The program's own errors, of sizes that are too small for it, are among them.
          const errors = [OnnxError, TraceError, IndexError, ShapeError];
          assert.ok(
            errors.some((one) => error instanceof one),
            String(error),
          );
          refused++;
          return;
        }
        followed++;
        const session = await sessionOf(bytes);
        for (const x of [a, b])
          await assertSame(
            await run(session, [x]),
            session.outputNames,
            noGrad(() => model(x)),
            1e-5,
          );
        await session.release();
      }),
      { numRuns: 120 },
    );
    // Open sizes have more programs whose memory no trace can say.
    assert.ok(followed >= (isOpen ? 40 : 100), `${followed} followed, ${refused} refused`);
  });
