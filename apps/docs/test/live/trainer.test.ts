import assert from "node:assert/strict";
import { test } from "node:test";
import { manualSeed, type Tensor, tensor } from "flambeau";
import { GPT as ExampleGPT } from "../../../../examples/char-gpt/main.ts";
import { GPT } from "../../live/gpt/model.ts";
import { makeGpt } from "../../live/gpt/train.ts";
import type { FromWorker, ProgramName, ToWorker } from "../../live/messages.ts";
import { sliders } from "../../live/moons/sliders.ts";
import { makeMoons } from "../../live/moons/train.ts";
import { initialSettings } from "../../live/slider.ts";
import { DeviceRefused, Trainer } from "../../live/trainer.ts";
import type { MakeTraining } from "../../live/training.ts";

/** A trainer, what it said so far, and a wait for what it will say. */
function start(make: MakeTraining) {
  const said: FromWorker[] = [];
  let read = 0;
  let heard = (): void => {};
  const trainer = new Trainer({
    async open(device) {
      if (device !== "cpu") throw new DeviceRefused("no such device");
    },
    find: async (_: ProgramName) => make,
    send(message) {
      said.push(message);
      heard();
    },
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
  });
  void trainer.run();
  const tell = (...messages: ToWorker[]): void => {
    for (const message of messages) trainer.receive(message);
  };
  /** The next message of a kind. */
  const until = async (isIt: (message: FromWorker) => boolean): Promise<FromWorker> => {
    for (;;) {
      while (read < said.length) {
        const message = said[read++];
        if (isIt(message)) return message;
      }
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    }
  };
  return { tell, until, said };
}

const settings = { ...initialSettings(sliders), speed: 1e9 };
const make = (life: number, device: "cpu" | "webgpu" = "cpu"): ToWorker => ({
  type: "make",
  life,
  program: "moons",
  settings,
  device,
});

test("it trains up to the step that is wanted, says every loss once, shows, pauses and goes on", async () => {
  const { tell, until, said } = start(makeMoons);
  tell(make(1), { type: "train", until: 203 });
  assert.deepEqual(await until(({ type }) => type === "made"), { type: "made", life: 1 });
  assert.deepEqual(await until(({ type }) => type === "paused"), { type: "paused", life: 1, step: 203 });
  const losses = said.flatMap((message) => (message.type === "losses" ? message.losses : []));
  assert.equal(losses.length, 203);
  assert.ok(losses[0] > 0.5 && losses[202] < 0.2, `${losses[0]} to ${losses[202]}`);
  // Before the first step, at every fifth and at the last.
  assert.equal(said.filter(({ type }) => type === "shown").length, 1 + 40 + 1);
  tell({ type: "train", until: 1e6 }, { type: "pause" });
  const { step } = (await until(({ type }) => type === "paused")) as { step: number };
  assert.equal(step, 203);
  tell({ type: "train", until: 300 });
  assert.equal(((await until(({ type }) => type === "paused")) as { step: number }).step, 300);
});

test("a pause ends a training that would go on, and a new model begins at step 0", async () => {
  const { tell, until, said } = start(makeMoons);
  tell(make(1), { type: "train", until: 1e6 });
  await until((message) => message.type === "losses" && message.step >= 40);
  tell({ type: "pause" });
  const { step } = (await until(({ type }) => type === "paused")) as { step: number };
  assert.ok(step >= 40 && step < 1e6);
  const before = said.filter(({ type }) => type === "losses").length;
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(said.filter(({ type }) => type === "losses").length, before);
  tell(make(2), { type: "train", until: 5 });
  assert.deepEqual(await until(({ type }) => type === "paused"), { type: "paused", life: 2, step: 5 });
});

test("a device that does not open, and a model that fails, are said", async () => {
  const { tell, until } = start(makeMoons);
  tell(make(1, "webgpu"));
  const refused = await until(({ type }) => type === "failed");
  assert.deepEqual(refused, { type: "failed", life: 1, reason: "no such device", isDevice: true });
  const broken = start(async () => ({
    ...(await makeMoons(settings, "cpu")),
    step: (): Tensor => tensor([1]).view([2]),
  }));
  broken.tell(make(1), { type: "train", until: 10 });
  const failed = await broken.until(({ type }) => type === "failed");
  assert.ok(
    failed.type === "failed" && !failed.isDevice && /shape/i.test(failed.reason),
    JSON.stringify(failed),
  );
});

test("the page's transformer is the example's: the same weights of a seed", () => {
  const weights = (Model: typeof GPT | typeof ExampleGPT): unknown[] => {
    manualSeed(7);
    const state = new Model(40).stateDict();
    return Object.entries(state).map(([name, value]) => [name, value.shape, value.sum().tolist()]);
  };
  assert.deepEqual(weights(GPT), weights(ExampleGPT));
});

test("the transformer learns and writes letters of its text", async () => {
  const text = "to be or not to be, that is the question\n".repeat(20);
  const training = await makeGpt(text, { lr: 0.003, temperature: 0.8 }, "cpu");
  const losses: number[] = [];
  for (let i = 0; i < 60; i++) losses.push(training.step().tolist() as number);
  assert.ok((losses.at(-1) as number) < 1.8, String(losses.at(-1)));
  let written = "";
  for await (const piece of training.show()) written += (piece as { letters: string }).letters;
  assert.equal(written.length, 160);
  assert.ok([...written].every((letter) => text.includes(letter)));
});

test("a learning rate of 0 keeps a network as it is, from the next step on", async () => {
  const training = await makeMoons(settings, "cpu");
  const loss = (): number => training.step().tolist() as number;
  const [first, second] = [loss(), loss()];
  assert.notEqual(first, second);
  training.set({ ...settings, lr: 0 });
  const third = loss();
  assert.deepEqual([loss(), loss()], [third, third]);
});
