/**
 * Every optimizer against PyTorch 1.13 (tools/fixtures/optimizers.py) on every device: 25 steps, the state after them, and the
 * same steps with the state saved on the way and loaded into a fresh optimizer.
 */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { nn, optim, type Tensor, tensor } from "flambeau";
import { devices, type TestDevice, testOn } from "../devices/devices.ts";
import {
  clip,
  clipCases,
  numbersOf,
  type OptimizerCase,
  optimizerCases,
  optimizerOf,
  type Place,
  Regression,
  steps,
  tableSteps,
  takeStep,
} from "./optimizers.ts";
import { assertElements, recordedIn, type Written } from "./record.ts";

const cpu: TestDevice = { name: "cpu", skip: false, draws: 1 };
/** float32 rounds each of 25 steps, and a small second moment makes more of it. */
const tolerances = { float64: 1e-11, float32: 5e-5 };

async function assertAll(
  got: readonly (Tensor | number)[],
  wanted: readonly Written[],
  place: Place,
  what: string,
): Promise<void> {
  assert.equal(got.length, wanted.length, what);
  const numbers = await Promise.all(got.map(numbersOf));
  for (const [i, written] of wanted.entries())
    assertElements(
      numbers[i],
      recordedIn(written, "float64")[2].map(Number),
      tolerances[place.dtype],
      `${what} ${i}`,
    );
}

async function takesPyTorchsSteps(c: OptimizerCase, place: Place): Promise<void> {
  const regression = new Regression(place);
  const { parameters } = regression;
  const optimizer = optimizerOf(c, parameters);
  for (let step = 0; step < (c.steps ?? steps); step++) {
    await takeStep(regression, optimizer, step);
    const wanted = c.after[step + 1];
    if (wanted !== undefined) await assertAll(parameters, wanted, place, `after step ${step + 1}, parameter`);
  }
  const { state } = optimizer.stateDict();
  assert.deepEqual(Object.keys(state), Object.keys(c.state), "the parameters with a state");
  for (const [number, entry] of Object.entries(c.state)) {
    // SGD without momentum has an empty entry, as PyTorch.
    const own = new Map(Object.entries(state[Number(number)]).filter(([, value]) => value !== null));
    assert.deepEqual([...own.keys()].sort(), Object.keys(entry).sort(), `the state of parameter ${number}`);
    for (const [key, written] of Object.entries(entry)) {
      const got = own.get(key);
      const list = Array.isArray(got) ? got.filter((x) => x !== null) : [got as Tensor | number];
      await assertAll(list, isList(written) ? written : [written], place, `state ${number}, ${key}`);
    }
  }
}

/** Whether several tensors are written. */
const isList = (written: Written | readonly Written[]): written is readonly Written[] =>
  typeof written[0] !== "string";

async function goesOn(c: OptimizerCase, place: Place): Promise<void> {
  const last = c.steps ?? steps;
  const half = Math.floor(last / 2);
  const take = async (
    from: number,
    to: number,
    regression: Regression,
    optimizer: ReturnType<typeof optimizerOf>,
  ): Promise<void> => {
    for (let step = from; step < to; step++) await takeStep(regression, optimizer, step);
  };
  const whole = new Regression(place);
  const first = optimizerOf(c, whole.parameters);
  await take(0, half, whole, first);
  const fresh = new Regression(place, whole.parameters);
  const second = optimizerOf({ ...c, options: { lr: 123 } }, fresh.parameters);
  second.loadStateDict(first.stateDict());
  // What was loaded is a copy: the one going on does not touch it.
  await take(half, last, whole, first);
  await take(half, last, fresh, second);
  for (const [i, p] of whole.parameters.entries())
    assert.deepEqual(await numbersOf(fresh.parameters[i]), await numbersOf(p), `parameter ${i}`);
}

for (const device of [cpu, ...devices]) {
  const dtypes = device === cpu ? (["float64", "float32"] as const) : (["float32"] as const);
  describe(`optimizers on ${device.name} are PyTorch's`, () => {
    for (const c of optimizerCases) {
      for (const dtype of dtypes) {
        const place = { dtype, device: device.name };
        const name = `${c.optimizer} ${JSON.stringify(c.options)} ${dtype}`;
        testOn(device, name, () => takesPyTorchsSteps(c, place));
        testOn(device, `${name}: goes on from a saved state`, () => goesOn(c, place));
      }
    }
    testOn(device, "SparseAdam leaves the rows of a table that a step does not read", async () => {
      const place = { dtype: dtypes[0], device: device.name };
      const [start, ...after] = tableSteps;
      const [, shape, values] = start.rows;
      const table = tensor(Float64Array.from(values, Number), place).reshape(shape).detach().requiresGrad_();
      const optimizer = new optim.SparseAdam([table], 0.1);
      for (const [i, { words, rows }] of after.entries()) {
        optimizer.zeroGrad();
        const index = tensor(BigInt64Array.from(words, BigInt), { device: device.name });
        nn.F.embedding(index, table).square().sum().backward();
        optimizer.step();
        await assertAll([table], [rows], place, `after step ${i + 1}`);
      }
    });
    for (const c of clipCases) {
      const place = { dtype: dtypes[0], device: device.name };
      testOn(device, `${c.clip}(${JSON.stringify(c.args).slice(1, -1)})`, async () => {
        const regression = new Regression(place);
        regression.gradients(1);
        const total = clip(c, regression.parameters);
        if (c.total === null) assert.equal(total, undefined);
        else await assertAll([total as Tensor], [c.total], place, "the norm");
        for (const [i, written] of c.grads.entries()) {
          const { grad } = regression.parameters[i];
          if (written === null) assert.equal(grad, null);
          else await assertAll([grad as Tensor], [written], place, "gradient");
        }
      });
    }
  });
}
