import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { noGrad } from "@flambeau/autograd";
import { ArgumentError, DTypeError, ShapeError, setWarningHandler, ValueError } from "@flambeau/backend";
import { Dataset, Subset, TensorDataset } from "@flambeau/data";
import { FileError } from "@flambeau/files";
import * as nn from "@flambeau/nn";
import * as optim from "@flambeau/optim";
import { loadPt, loadSafetensors, safeOpen } from "@flambeau/serialization";
import { arange, getRngState, ones, randn, type Tensor, tensor } from "@flambeau/tensor";
import { onFullDisk } from "../../files/test/full-disk.ts";
import { exportPyTorch, pyTorchProject, type Training } from "../src/index.ts";
import { goOn, makeCase, names } from "./cases.ts";

const [plain] = names;
const { lrScheduler } = optim;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "project-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

/** A training of one layer, with some options others. */
function one(others: Partial<Training> = {}): [nn.Module, Training] {
  const model = new nn.Sequential(new nn.Linear(2, 1));
  const training = {
    inputs: [ones([3, 2])],
    loss: new nn.MSELoss(),
    optimizer: new optim.SGD(model.parameters(), { lr: 0.1 }),
    data: new TensorDataset(arange(20).div(20).reshape([10, 2]), ones([10, 1])),
    batchSize: 4,
    ...others,
  };
  return [model, training];
}

describe("a project", () => {
  test("has everything, and twice the same bytes", async () => {
    const { model, training } = makeCase(plain);
    const evaluation = new Subset(training.data as TensorDataset, [1, 2, 3]);
    const files = await pyTorchProject(model, { ...training, evaluation, shardBytes: 500 });
    assert.deepEqual([...files.keys()].sort(), [
      "README.md",
      "checkpoint.py",
      "data/evaluation-00000.safetensors",
      "data/train-00000.safetensors",
      "data/train-00001.safetensors",
      "data/train-00002.safetensors",
      "dataset.py",
      "model.py",
      "optimizer.pt",
      "parity.json",
      "parity.py",
      "processes.py",
      "recipe.py",
      "requirements.txt",
      "state.pt",
      "train.py",
      "weights.safetensors",
    ]);
    assert.equal(text(files.get("requirements.txt")), "torch>=1.13\nnumpy\n");
    const again = await pyTorchProject(model, { ...training, evaluation, shardBytes: 500 });
    assert.deepEqual(again, files);
    for (const [path, bytes] of files) {
      assert.doesNotMatch(text(bytes), /\b20\d\d-\d\d-\d\d\b/, path);
      if (path.endsWith(".py") || path.endsWith(".md")) assert.ok(!text(bytes).includes(process.cwd()), path);
    }
  });

  test("holds the weights, the rows in their order, and the states that PyTorch loads", async () => {
    const { model, training } = makeCase("Adam, OneCycleLR");
    const state = getRngState();
    const files = await pyTorchProject(model, { ...training, shardBytes: 500 });
    const weights = loadSafetensors(files.get("weights.safetensors") as Uint8Array);
    for (const [key, x] of Object.entries(model.stateDict())) assert.ok(weights[key].equal(x), key);
    const [x, y] = (training.data as TensorDataset).tensors;
    const shards = [0, 1, 2].map((i) =>
      loadSafetensors(files.get(`data/train-0000${i}.safetensors`) as Uint8Array),
    );
    const joined = (name: string): number[] =>
      shards.flatMap((shard) => [...shard[name].dataSync()].map(Number));
    assert.deepEqual(joined("input"), [...x.dataSync()]);
    assert.deepEqual(joined("target"), [...y.dataSync()].map(Number));
    const saved = loadPt(files.get("optimizer.pt") as Uint8Array);
    assert.deepEqual(Object.keys(saved), ["state", "param_groups"]);
    assert.deepEqual(Object.keys(saved.state[0]), ["step", "exp_avg", "exp_avg_sq", "max_exp_avg_sq"]);
    const rest = loadPt(files.get("state.pt") as Uint8Array);
    assert.deepEqual([...rest.random.dataSync()], [...state]);
    // Another training goes on from them as this one does.
    const other = makeCase("Adam, OneCycleLR", 0);
    other.model.loadStateDict(weights);
    other.training.optimizer.loadStateDict(saved);
    other.training.schedule?.loadStateDict(rest.scheduler);
    assert.deepEqual(goOn(other, 5), goOn({ ...other, model, training }, 5));
  });

  test("has the losses of the steps that follow, and leaves everything as it was", async () => {
    for (const name of names) {
      if (name.includes("dropout")) continue;
      const [before, after] = [makeCase(name), makeCase(name)];
      const [p] = after.model.parameters();
      p.grad = ones(p.shape);
      const state = getRngState();
      const files = await pyTorchProject(after.model, after.training);
      assert.deepEqual(getRngState(), state, name);
      assert.ok(p.grad?.equal(ones(p.shape)), name);
      assert.ok(after.model.training);
      assert.deepEqual(after.training.optimizer.stateDict(), before.training.optimizer.stateDict(), name);
      assert.deepEqual(after.training.schedule?.stateDict(), before.training.schedule?.stateDict(), name);
      for (const [key, x] of Object.entries(before.model.stateDict()))
        assert.ok(after.model.stateDict()[key].equal(x), `${name}: ${key}`);
      const { losses, mode } = JSON.parse(text(files.get("parity.json")));
      assert.equal(mode, "train");
      const expected = goOn(after, 20);
      assert.ok(
        losses.every((loss: number, i: number) => Math.abs(loss / expected[i] - 1) < 1e-9),
        name,
      );
    }
  });

  test("is compared without random numbers where the model draws some", async () => {
    const { model, training } = makeCase("Adam; dropout");
    const { mode, losses } = JSON.parse(text((await pyTorchProject(model, training)).get("parity.json")));
    assert.equal(mode, "eval");
    model.eval();
    assert.ok(Math.abs(losses[0] / goOn({ model, training, isOfBatches: false }, 1)[0] - 1) < 1e-9);
  });

  test("is of one moment, even where training goes on before it is written", async () => {
    const { model, training } = makeCase(plain);
    const files = await pyTorchProject(model, training);
    const target = join(folder, "project");
    const [weight] = model.parameters();
    const data = training.data as TensorDataset;
    class Changing extends TensorDataset {
      override getBatch(rows: readonly number[]): never {
        // The shard of all rows is read when the rest is there.
        if (rows.length === data.length) noGrad(() => weight.add_(1));
        return super.getBatch(rows) as never;
      }
    }
    await exportPyTorch(model, { target, ...training, data: new Changing(...data.tensors) });
    for (const path of ["weights.safetensors", "parity.json", "optimizer.pt"])
      assert.deepEqual(new Uint8Array(readFileSync(join(target, path))), files.get(path), path);
  });

  test("takes arrays of rows, numbers and promises", async () => {
    class Later extends Dataset<Promise<[Tensor, number]>> {
      override readonly length = 3;
      override async get(index: number): Promise<[Tensor, number]> {
        return [tensor([index, 1]), index];
      }
    }
    const rows = Array.from({ length: 3 }, (_, i) => [tensor([i, 1]), i]);
    for (const data of [new Later(), rows]) {
      const [model, training] = one({
        data,
        loss: (output: Tensor, y: Tensor) => output.squeeze(1).sub(y).square().mean(),
      });
      const files = await pyTorchProject(model, training);
      const { input, target } = loadSafetensors(files.get("data/train-00000.safetensors") as Uint8Array);
      assert.deepEqual(
        [input.tolist(), target.tolist()],
        [
          [
            [0, 1],
            [1, 1],
            [2, 1],
          ],
          [0, 1, 2],
        ],
      );
    }
  });

  test("says which keys are named otherwise here", async () => {
    const [model, training] = one();
    const files = await pyTorchProject(model, training);
    const file = await safeOpen(files.get("weights.safetensors") as Uint8Array);
    assert.deepEqual(file.metadata(), { format: "pt", flambeau: "{}" });
  });
});

describe("what cannot be exported is refused", () => {
  const refuses = async (
    others: Partial<Training>,
    type: new (...args: never[]) => Error,
    words: RegExp,
  ): Promise<void> => {
    const [model, training] = one(others);
    await assert.rejects(pyTorchProject(model, training), (error: Error) => {
      assert.ok(error instanceof type, `${error.name}: ${error.message}`);
      assert.match(error.message, words);
      return true;
    });
  };

  test("optimizers", async () => {
    const w = new nn.Linear(2, 1).parameters();
    await refuses({ optimizer: {} as never }, ArgumentError, /optimizer is an optimizer; got/);
    await refuses(
      { optimizer: new optim.LBFGS(w) },
      ArgumentError,
      /LBFGS: its steps evaluate the loss several times/,
    );
    await refuses(
      { optimizer: new optim.SparseAdam(w) },
      ArgumentError,
      /SparseAdam: it takes sparse gradients/,
    );
    class Own extends optim.SGD {}
    await refuses(
      { optimizer: new Own(w, { lr: 1 }) },
      ArgumentError,
      /the optimizer Own: PyTorch has it not; take SGD, Adam/,
    );
    await refuses(
      { optimizer: new optim.SGD(w, { lr: 1 }) },
      ValueError,
      /parameter 0 of the optimizer's group 0 is none of the model's/,
    );
  });

  test("schedules", async () => {
    const [model, training] = one();
    const { optimizer } = training;
    const refusesSchedule = async (
      schedule: never,
      type: new (...args: never[]) => Error,
      words: RegExp,
    ): Promise<void> => {
      await assert.rejects(
        pyTorchProject(model, { ...training, schedule }),
        (error: Error) => error instanceof type && words.test(error.message),
      );
    };
    const lambda = new lrScheduler.LambdaLR(optimizer, () => 1);
    await refusesSchedule(lambda as never, ArgumentError, /LambdaLR has a function of the program's/);
    const inside = new lrScheduler.ChainedScheduler([new lrScheduler.StepLR(optimizer, 1), lambda]);
    await refusesSchedule(inside as never, ArgumentError, /LambdaLR has a function/);
    const scaleFn = (x: number): number => 1 / x;
    const cyclic = new lrScheduler.CyclicLR(optimizer, 0.1, 0.2, { scaleFn, cycleMomentum: false });
    await refusesSchedule(cyclic as never, ArgumentError, /CyclicLR has a scaleFn/);
    const [, others] = one();
    await refusesSchedule(
      new lrScheduler.StepLR(others.optimizer, 1) as never,
      ValueError,
      /that of another optimizer/,
    );
    await refusesSchedule({} as never, ArgumentError, /schedule is one of PyTorch's schedules; got/);
    await refuses({ scheduleStep: "batch" }, ValueError, /scheduleStep is of a schedule/);
  });

  test("rows", async () => {
    await refuses({ data: 3 as never }, ArgumentError, /data is a data set with rows by number/);
    await refuses({ data: [] }, ValueError, /data has one row at least; its length is 0/);
    await refuses({ data: [{ a: 1 }] }, ValueError, /the rows of data are tensors, or arrays of tensors/);
    await refuses({ data: [["a"]] }, ValueError, /the rows of data are tensors/);
    await refuses(
      { data: [[ones([3]), 1]] },
      ShapeError,
      /tensor 0 of a row of data has shape \[3\], the input \[2\]/,
    );
    await refuses(
      { data: [[ones([2], { dtype: "float64" }), 1]] },
      DTypeError,
      /tensor 0 of a row of data is float64, the input float32/,
    );
    await refuses(
      { inputs: [ones([1, 2]), ones([1, 2])], data: [[ones([2])]] },
      ValueError,
      /rows of data have 1 tensors, and the model takes 2 inputs/,
    );
    await refuses(
      { evaluation: [[ones([2])]] },
      ValueError,
      /rows of evaluation have 1 tensors, those of data 2/,
    );
    await refuses(
      { evaluation: [[ones([2]), ones([2])]] },
      ShapeError,
      /tensor 1 of a row of evaluation has shape \[2\], that of data \[1\]/,
    );
    await refuses(
      {
        data: [
          [ones([2]), ones([1])],
          [ones([2]), ones([2])],
        ],
      },
      ShapeError,
      /./,
    );
  });

  test("options of other names", () => {
    const [model, training] = one({});
    const unknown = (key: string, message: string): void => {
      const options = { ...training, [key]: null } as never;
      const error = (what: string): object => ({ name: "ArgumentError", message: `${what}: ${message}` });
      assert.throws(() => pyTorchProject(model, options), error("pyTorchProject"));
      assert.throws(() => exportPyTorch(model, options), error("exportPyTorch"));
    };
    unknown("batch_size", '"batch_size" is written batchSize here');
    unknown("optimiser", 'unknown option "optimiser"; did you mean "optimizer"?');
  });

  test("numbers, inputs and losses", async () => {
    await refuses({ batchSize: 0 }, ValueError, /batchSize is an integer from 1; got 0/);
    await refuses({ epochs: 1.5 }, ValueError, /epochs is an integer from 0; got 1.5/);
    await refuses(
      { dropLast: true, batchSize: 11 },
      ValueError,
      /with dropLast there is no batch: data has 10 rows, batchSize is 11/,
    );
    await refuses({ inputs: [] }, ArgumentError, /inputs is an array of tensors/);
    await refuses({ inputs: [tensor(1)] }, ArgumentError, /inputs is an array of tensors/);
    await refuses({ loss: 1 as never }, ArgumentError, /loss is a loss module or a function; got 1/);
    await refuses({ loss: () => ones([2]) }, ShapeError, /the loss is a tensor of one element; got/);
    const nan = (output: Tensor): Tensor => output.mean().sub(1e9).log();
    const handler = setWarningHandler(() => {});
    try {
      await refuses({ loss: nan }, ValueError, /the loss of step 1 is NaN, which cannot be compared/);
    } finally {
      setWarningHandler(handler);
    }
    const [, training] = one();
    await assert.rejects(pyTorchProject((() => 1) as never, training), ArgumentError);
  });
});

describe("the folder", () => {
  test("appears with all files", async () => {
    const [model, training] = one();
    const target = join(folder, "project");
    await exportPyTorch(model, { target, ...training });
    const files = await pyTorchProject(model, training);
    for (const [path, bytes] of files)
      assert.deepEqual(new Uint8Array(readFileSync(join(target, path))), bytes);
    assert.deepEqual(readdirSync(folder), ["project"]);
  });

  test("may be there, and empty; one with files stays as it is", async () => {
    const [model, training] = one();
    const target = join(folder, "project");
    mkdirSync(target);
    await exportPyTorch(model, { target: `${target}/`, ...training });
    const before = readdirSync(target);
    writeFileSync(join(target, "notes.txt"), "mine");
    await assert.rejects(
      exportPyTorch(model, { target, ...training }),
      (error) =>
        error instanceof FileError &&
        error.code === "ENOTEMPTY" &&
        /the folder is there, and not empty/.test(error.message),
    );
    assert.deepEqual(readdirSync(target).sort(), [...before, "notes.txt"].sort());
    const file = join(target, "notes.txt");
    await assert.rejects(exportPyTorch(model, { target: file, ...training }), /there is a file of that name/);
    await assert.rejects(
      exportPyTorch(model, { target: join(folder, "a", "b"), ...training }),
      /there is no folder ".*a"; make it first/,
    );
    await assert.rejects(exportPyTorch(model, { target: "https://a.example/b", ...training }), ValueError);
  });

  test("is not there after an error or on a full disk, nor anything else", async () => {
    const target = join(folder, "project");
    const [model, training] = one();
    for (const room of [0, 500, 5000])
      await onFullDisk(folder, room, () =>
        assert.rejects(
          exportPyTorch(model, { target, ...training }),
          (error) => error instanceof FileError && error.code === "ENOSPC" && error.target === target,
        ),
      );
    assert.deepEqual(readdirSync(folder), []);
    class Failing extends TensorDataset {
      override getBatch(rows: readonly number[]): never {
        if (rows.length > 4) throw new Error("enough");
        return super.getBatch(rows) as never;
      }
    }
    const data = new Failing(randn([10, 2]), randn([10, 1]));
    await assert.rejects(exportPyTorch(model, { target, ...training, data }), /^Error: enough$/);
    assert.deepEqual(readdirSync(folder), []);
  });
});
