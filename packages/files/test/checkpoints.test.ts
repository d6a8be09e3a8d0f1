import assert from "node:assert/strict";
import fs, {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, test } from "node:test";
import { ArgumentError, DeviceError, setWarningHandler, ValueError } from "@flambeau/backend";
import { Linear, type Module } from "@flambeau/nn";
import { Adam, EarlyStopping, lrScheduler } from "@flambeau/optim";
import { FormatError } from "@flambeau/serialization";
import { Generator, randn, type Tensor, tensor } from "@flambeau/tensor";
import { CheckpointKeeper, FileError, loadCheckpoint, save, saveCheckpoint } from "../src/index.ts";
import { onFullDisk } from "./full-disk.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flambeau-checkpoints-"));
});
const at = (name: string): string => join(folder, name);

/** A training that draws its data from a generator of its own. */
function training(seed: number) {
  const generator = new Generator().manualSeed(seed);
  const model = new Linear(3, 2);
  const optimizer = new Adam(model.parameters(), { lr: 0.1 });
  const scheduler = new lrScheduler.StepLR(optimizer, 2, 0.5);
  const step = (): void => {
    optimizer.zeroGrad();
    model(randn([4, 3], { generator }))
      .square()
      .mean()
      .backward();
    optimizer.step();
    scheduler.step();
  };
  return { generator, model, optimizer, scheduler, step };
}

function weights(model: Module): unknown {
  return [...model.parameters()].map((p: Tensor) => p.detach().toArraySync());
}

describe("checkpoints", () => {
  test("training that goes on has the numbers of one that was not interrupted", async () => {
    const whole = training(1);
    for (let i = 0; i < 3; i++) whole.step();
    const { step: _, ...parts } = whole;
    await saveCheckpoint(at("a.pt"), { epoch: 3, ...parts, extra: { best: 0.5 } });
    for (let i = 0; i < 3; i++) whole.step();
    const { step, ...others } = training(2);
    assert.deepEqual(await loadCheckpoint(at("a.pt"), others), { epoch: 3, extra: { best: 0.5 } });
    for (let i = 0; i < 3; i++) step();
    assert.deepEqual(weights(others.model), weights(whole.model));
    assert.equal(others.optimizer.paramGroups[0].lr, whole.optimizer.paramGroups[0].lr);
  });

  test("when one part does not fit, all stay as they were", async () => {
    const { step, ...parts } = training(1);
    step();
    await saveCheckpoint(at("a.pt"), { ...parts });
    const other = training(2);
    other.step();
    const model = new Linear(5, 2);
    const before = [
      weights(model),
      other.optimizer.stateDict(),
      other.scheduler.stateDict(),
      other.generator.getState(),
    ];
    const { optimizer, scheduler, generator } = other;
    await assert.rejects(loadCheckpoint(at("a.pt"), { model, optimizer, scheduler, generator }), {
      name: "StateDictError",
    });
    assert.deepEqual(
      [weights(model), optimizer.stateDict(), scheduler.stateDict(), generator.getState()],
      before,
    );
  });

  test("early stopping goes on with the best weights, before its first step too", async () => {
    const model = new Linear(2, 1);
    const first = new EarlyStopping({ patience: 2 });
    await saveCheckpoint(at("first.pt"), { extra: first.stateDict() });
    first.step(1, model);
    const best = model.weight.tolist();
    model.weight.detach().fill_(9);
    first.step(2, model);
    await saveCheckpoint(at("second.pt"), { scheduler: first });
    const second = new EarlyStopping();
    second.loadStateDict((await loadCheckpoint(at("first.pt"))).extra);
    assert.deepEqual([second.patience, second.best], [2, Infinity]);
    await loadCheckpoint(at("second.pt"), { scheduler: second });
    assert.equal(second.step(1, model), true);
    second.restoreBest(model);
    assert.deepEqual(model.weight.tolist(), best);
  });

  test("a checkpoint is placed as by load", async () => {
    const { step, ...parts } = training(1);
    step();
    await saveCheckpoint(at("a.pt"), { ...parts });
    for (const place of [{ device: "cpu" }, { mapLocation: "cpu" }]) {
      const { step: _, ...other } = training(2);
      await loadCheckpoint(at("a.pt"), { ...other, ...place });
      assert.deepEqual(weights(other.model), weights(parts.model));
      assert.deepEqual(other.generator.getState(), parts.generator.getState());
    }
    await assert.rejects(loadCheckpoint(at("a.pt"), { ...parts, mapLocation: "tpu" }), DeviceError);
    await assert.rejects(
      loadCheckpoint(at("a.pt"), { ...parts, device: "cpu", mapLocation: "tpu" }),
      /two names of one option/,
    );
  });

  test("what the file lacks, and what is none", async () => {
    const { model, optimizer } = training(1);
    await saveCheckpoint(at("a.pt"), { model });
    await assert.rejects(
      loadCheckpoint(at("a.pt"), { model, optimizer }),
      /the checkpoint has no optimizer; it has \["model"\]/,
    );
    assert.deepEqual(await loadCheckpoint(at("a.pt")), { epoch: null, extra: null });
    await save([1], at("b.pt"));
    await assert.rejects(loadCheckpoint(at("b.pt"), { model }), FormatError);
    assert.throws(() => saveCheckpoint(at("c.pt"), { modle: model } as object), ArgumentError);
    await assert.rejects(saveCheckpoint(at("c.pt"), { model: {} as never }), ArgumentError);
    assert.equal(existsSync(at("c.pt")), false);
  });
});

describe("CheckpointKeeper", () => {
  const model = new Linear(1, 1);
  const epochs = async (keeper: CheckpointKeeper): Promise<(number | null)[]> =>
    (await keeper.list()).map(({ epoch }) => epoch);

  test("keeps the last and the best, in both modes", async () => {
    const metrics = [3, 1, 4, 1, 5, 9, 2];
    for (const [mode, last, best, wanted] of [
      ["min", 2, 1, [1, 5, 6]],
      ["max", 2, 1, [5, 6]],
      ["min", 0, 3, [1, 3, 6]],
      ["max", 1, 2, [4, 5, 6]],
      ["min", 3, 0, [4, 5, 6]],
    ] as const) {
      const keeper = new CheckpointKeeper(at(`${mode}${last}${best}`), { last, best, mode });
      for (const [epoch, metric] of metrics.entries()) await keeper.save({ epoch, model, metric });
      assert.deepEqual(await epochs(keeper), wanted, `${mode} ${last} ${best}`);
      assert.equal(readdirSync(keeper.folder).length, wanted.length + 1);
    }
  });

  test("a metric that is no number is never the best", async () => {
    const keeper = new CheckpointKeeper(at("run"), { last: 1, best: 1 });
    for (const [epoch, metric] of [Number.NaN, 2, Number.NaN, Number.NEGATIVE_INFINITY].entries())
      await keeper.save({ epoch, metric });
    await keeper.save({ epoch: 4 });
    assert.deepEqual(await epochs(keeper), [1, 4]);
    assert.equal((await keeper.best())?.epoch, 1);
  });

  test("goes on with a folder, and loads the latest and the best", async () => {
    const first = new CheckpointKeeper(at("run"), { last: 2 });
    assert.deepEqual([await first.latest(), await first.best()], [null, null]);
    await assert.rejects(first.load({ model }), /there is no checkpoint in/);
    for (const [epoch, metric] of [0.5, 0.1, 0.7, 0.6].entries()) await first.save({ epoch, model, metric });
    const second = new CheckpointKeeper(at("run"), { last: 2 });
    assert.equal((await second.load({ model })).epoch, 3);
    assert.equal((await second.load({}, "best")).epoch, 1);
    await second.save({ epoch: 4, model, metric: 0.05 });
    assert.deepEqual(await epochs(second), [3, 4]);
    assert.match(String((await second.latest())?.path), /checkpoint-000005\.pt$/);
  });

  test("deletes and writes over its own files only", async () => {
    const keeper = new CheckpointKeeper(at("run"), { last: 1, best: 0 });
    await keeper.save({ epoch: 0 });
    for (const name of ["checkpoint-000002.pt", "checkpoint-000009.pt", "notes.txt"])
      writeFileSync(at(`run/${name}`), "mine");
    const other = new CheckpointKeeper(at("run"), { last: 1, best: 0, name: "other" });
    await other.save({ epoch: 7 });
    for (let epoch = 1; epoch < 4; epoch++) await keeper.save({ epoch });
    for (const name of ["checkpoint-000002.pt", "checkpoint-000009.pt", "notes.txt"])
      assert.equal(readFileSync(at(`run/${name}`), "utf8"), "mine");
    assert.deepEqual([await epochs(keeper), await epochs(other)], [[3], [7]]);
  });

  test("a save that fails leaves the ones before", async () => {
    const keeper = new CheckpointKeeper(at("run"), { last: 1, best: 0 });
    await keeper.save({ epoch: 0 });
    await assert.rejects(keeper.save({ epoch: 1, extra: () => 1 }), ValueError);
    const gone = tensor([1]);
    gone.dispose();
    await assert.rejects(keeper.save({ epoch: 1, extra: gone }));
    assert.deepEqual(await epochs(keeper), [0]);
    assert.equal((await keeper.load()).epoch, 0);
    assert.equal(await keeper.save({ epoch: 2 }), at("run/checkpoint-000002.pt"));
    assert.deepEqual(await epochs(keeper), [2]);
  });

  test("a full disk in the middle of a checkpoint, and of the note", async () => {
    const keeper = new CheckpointKeeper(at("run"), { last: 1, best: 0 });
    await keeper.save({ epoch: 0, model });
    const full = (error: unknown): boolean => error instanceof FileError && error.code === "ENOSPC";
    const before = readdirSync(at("run")).sort();
    await onFullDisk(".checkpoint-", 100, async () => {
      await assert.rejects(keeper.save({ epoch: 1, model }), full);
      assert.deepEqual(await epochs(keeper), [0]);
    });
    await onFullDisk("", 10, async () => {
      await assert.rejects(keeper.save({ epoch: 1, model }), full);
      // Neither the note can be written nor is anything lost.
      assert.deepEqual(await epochs(keeper), [0]);
      assert.equal((await keeper.load({ model })).epoch, 0);
    });
    assert.deepEqual(readdirSync(at("run")).sort(), before);
    await onFullDisk("checkpoint-000002", 10_000, () => keeper.save({ epoch: 2, model }));
    assert.deepEqual(await epochs(keeper), [2]);
    assert.equal(readdirSync(at("run")).length, 2);
  });

  test("a note that cannot be written after the checkpoint: the new one is there, and the old", async () => {
    const keeper = new CheckpointKeeper(at("run"), { last: 1, best: 0 });
    await keeper.save({ epoch: 0 });
    // The first note is that of what is about to be written.
    let notes = 0;
    const { rename } = fs.promises;
    fs.promises.rename = async (from, to) => {
      if (String(to).endsWith("checkpoints.json") && ++notes === 2)
        throw Object.assign(new Error("EIO"), { code: "EIO" });
      return rename(from, to);
    };
    try {
      await assert.rejects(
        keeper.save({ epoch: 1 }),
        (error) => error instanceof FileError && error.code === "EIO",
      );
    } finally {
      fs.promises.rename = rename;
    }
    assert.deepEqual(await epochs(new CheckpointKeeper(at("run"), { last: 1, best: 0 })), [0, 1]);
    await keeper.save({ epoch: 2 });
    assert.deepEqual(await epochs(keeper), [2]);
    assert.equal(readdirSync(at("run")).length, 2);
  });

  test("an old one that cannot be deleted is a warning, and tried again", async () => {
    const keeper = new CheckpointKeeper(at("run"), { last: 1, best: 0 });
    const first = await keeper.save({ epoch: 0 });
    rmSync(first);
    mkdirSync(join(first, "folder"), { recursive: true });
    const texts: string[] = [];
    const handler = setWarningHandler((text) => texts.push(text));
    try {
      for (const epoch of [1, 2]) {
        assert.match(await keeper.save({ epoch }), new RegExp(`checkpoint-00000${epoch + 1}.pt$`));
        assert.deepEqual(await epochs(keeper), [epoch]);
      }
      assert.equal((await keeper.load()).epoch, 2);
      assert.equal(texts.length, 2);
      for (const text of texts) assert.match(text, /checkpoint-000001\.pt cannot be deleted/);
      // Once it can be, it goes.
      rmSync(first, { recursive: true });
      writeFileSync(first, "");
      assert.deepEqual(await epochs(keeper), [2]);
      await keeper.save({ epoch: 3 });
    } finally {
      setWarningHandler(handler);
    }
    assert.equal(texts.length, 2);
    assert.deepEqual(readdirSync(at("run")).sort(), ["checkpoint-000004.pt", "checkpoints.json"]);
  });

  test("a folder that is a file, one that goes, a folder in the place of a file", async () => {
    writeFileSync(at("file"), "mine");
    const typed = (error: unknown): boolean => error instanceof FileError && error.code !== null;
    await assert.rejects(new CheckpointKeeper(at("file")).save({ epoch: 0 }), typed);
    await assert.rejects(new CheckpointKeeper(at("file/run")).list(), typed);
    assert.equal(readFileSync(at("file"), "utf8"), "mine");
    const keeper = new CheckpointKeeper(at("run"));
    await keeper.save({ epoch: 0 });
    rmSync(at("run"), { recursive: true });
    await assert.rejects(keeper.save({ epoch: 1 }), typed);
    mkdirSync(at("run/checkpoints.json"), { recursive: true });
    await assert.rejects(keeper.save({ epoch: 1 }), typed);
    // Names that lead nowhere are others', too.
    rmSync(at("run"), { recursive: true });
    mkdirSync(at("run"));
    if (process.platform !== "win32") symlinkSync(at("none/x"), at("run/checkpoint-000001.pt"));
    else writeFileSync(at("run/checkpoint-000001.pt"), "");
    assert.equal(await keeper.save({ epoch: 1 }), at("run/checkpoint-000002.pt"));
  });

  test("saves that have to wait hold the values of their call", async () => {
    const keeper = new CheckpointKeeper(at("run"), { last: 4, best: 0 });
    const { model, optimizer, step } = training(1);
    const wanted: unknown[] = [];
    const saves: Promise<string>[] = [];
    for (let epoch = 0; epoch < 4; epoch++) {
      step();
      wanted.push(weights(model));
      saves.push(keeper.save({ epoch, model, optimizer }));
    }
    step();
    for (const [i, path] of (await Promise.all(saves)).entries()) {
      const other = training(2);
      assert.equal((await loadCheckpoint(path, { model: other.model })).epoch, i);
      assert.deepEqual(weights(other.model), wanted[i]);
    }
  });

  test("goes on wherever a program ended", async () => {
    const keeper = new CheckpointKeeper(at("run"), { last: 2, best: 0 });
    for (let epoch = 0; epoch < 2; epoch++) await keeper.save({ epoch });
    const note = JSON.parse(readFileSync(at("run/checkpoints.json"), "utf8"));
    const third = { file: "checkpoint-000003.pt", epoch: 2, metric: null };
    const ended = (changed: object): CheckpointKeeper => {
      writeFileSync(at("run/checkpoints.json"), JSON.stringify({ ...note, ...changed }));
      return new CheckpointKeeper(at("run"), { last: 2, best: 0 });
    };
    // Before the checkpoint was there.
    assert.deepEqual(await epochs(ended({ pending: third })), [0, 1]);
    // After it was there, before the note said so.
    await save({ epoch: 2 }, at("run/checkpoint-000003.pt"));
    assert.deepEqual(await epochs(ended({ pending: third })), [0, 1, 2]);
    // Before what is no more kept was deleted.
    const after = ended({ entries: [note.entries[1], third], removed: ["checkpoint-000001.pt"] });
    assert.deepEqual(await epochs(after), [1, 2]);
    assert.deepEqual(readdirSync(at("run")).sort(), [
      "checkpoint-000002.pt",
      "checkpoint-000003.pt",
      "checkpoints.json",
    ]);
    // A file that someone else deleted.
    rmSync(at("run/checkpoint-000003.pt"));
    assert.equal((await ended({ entries: [note.entries[1], third] }).load()).epoch, 1);
  });

  test("a note that is none is refused, not written over", async () => {
    for (const text of [
      "{",
      "[]",
      '{"entries":[{"file":"../x.pt"}],"pending":null,"removed":[]}',
      '{"entries":[],"pending":null,"removed":["notes.txt"]}',
    ]) {
      const path = mkdtempSync(join(folder, "run-"));
      writeFileSync(join(path, "checkpoints.json"), text);
      await assert.rejects(new CheckpointKeeper(path).save({ epoch: 0 }), FormatError);
      assert.equal(readFileSync(join(path, "checkpoints.json"), "utf8"), text);
    }
  });

  test("saves that are not waited for come one after the other", async () => {
    const keeper = new CheckpointKeeper(at("run"), { last: 2, best: 0 });
    await Promise.all([0, 1, 2, 3].map((epoch) => keeper.save({ epoch })));
    assert.deepEqual(await epochs(keeper), [2, 3]);
  });

  test("counts, modes and names that are none", () => {
    for (const options of [
      { last: -1 },
      { last: 1.5 },
      { last: 0, best: 0 },
      { mode: "low" as never },
      { name: "a/b" },
      { name: "" },
    ])
      assert.throws(() => new CheckpointKeeper(folder, options), ValueError);
    assert.throws(() => new CheckpointKeeper(folder, { keep: 3 } as object), ArgumentError);
  });
});
