/** Two copies of the packages in one program: each refuses what the other made, and says where both are. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import * as ours from "flambeau";
import { root, sourceCondition } from "../../tools/runtimes.ts";

type Flambeau = typeof ours;

const manifest = readFileSync(join(root, "packages", "flambeau", "package.json"), "utf8");
const { version } = JSON.parse(manifest) as { version: string };
const theirVersion = "99.0.0";
let folder: string;
let theirs: Flambeau;
const warnings: string[] = [];

/** What the tests use of the second copy. */
const contents = `export * from "@flambeau/tensor";
export * from "@flambeau/autograd";
export * as data from "@flambeau/data";
export * as nn from "@flambeau/nn";
export * as optim from "@flambeau/optim";
`;

/** Packages in one file, of another version. */
async function secondCopy(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    conditions: [sourceCondition],
    logLevel: "silent",
  });
  const text = outputFiles[0].text.replace(/(VERSION = )"[^"]*"/, `$1"${theirVersion}"`);
  assert.ok(text.includes(theirVersion));
  const file = join(folder, "copy.mjs");
  writeFileSync(file, text);
  return file;
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "flambeau-copies-"));
  const file = await secondCopy();
  const { warn } = console;
  console.warn = (text: string) => warnings.push(text);
  try {
    theirs = (await import(pathToFileURL(file).href)) as Flambeau;
  } finally {
    console.warn = warn;
  }
});
after(() => rmSync(folder, { recursive: true, force: true }));

const { AutogradFunction, cat, data, datasets, F, grad, nn, optim, summary, tensor } = ours;
const leaf = (): ours.Tensor => tensor([[1, 2]], { requiresGrad: true });
const theirLeaf = (): ours.Tensor => theirs.ones([1, 2], { requiresGrad: true });
const theirModel = (): ours.nn.Linear => new theirs.nn.Linear(2, 2);

class Twice extends AutogradFunction {
  static override forward(_: unknown, x: ours.Tensor): ours.Tensor {
    return x.mul(2);
  }
  static override backward(_: unknown, g: ours.Tensor): ours.Tensor {
    return g.mul(2);
  }
}
class ToTheirs extends Twice {
  static override forward(_: unknown, _x: ours.Tensor): ours.Tensor {
    return theirLeaf();
  }
}
class Holder extends nn.Module {
  held: unknown;
  constructor(held: unknown) {
    super();
    this.held = held;
  }
}

/** What would lose a gradient, a parameter or an argument without a word, or say something else. */
const calls: Readonly<Record<string, () => unknown>> = {
  "an operand": () => leaf().add(theirLeaf()),
  "an operand of the other": () => theirLeaf().add(leaf()),
  "a tensor of a list": () => cat([leaf(), theirLeaf()]),
  "the input of a function": () => ours.softmax(theirLeaf(), 1),
  "the input of a layer": () => new nn.Linear(2, 1)(theirLeaf()),
  "the input of a layer norm": () => F.layerNorm(theirLeaf(), [2]),
  "a target": () => F.mseLoss(leaf(), theirLeaf()),
  "the input of grad": () => grad(leaf().sum(), [theirLeaf()]),
  "the output of grad": () => grad(theirLeaf().sum(), [leaf()]),
  "the input of backward": () =>
    leaf()
      .sum()
      .backward({ inputs: [theirLeaf()] }),
  "a gradient": () => leaf().mul(2).backward(theirLeaf()),
  "the argument of a custom function": () => Twice.apply(theirLeaf()),
  "the result of a custom function": () => ToTheirs.apply(leaf()),
  "a parameter of an optimizer": () => new optim.SGD(theirModel().parameters(), { lr: 1 }),
  "a named parameter": () => new optim.SGD(theirModel().namedParameters(), { lr: 1 }),
  "a group's parameter": () => new optim.SGD([{ params: theirLeaf() }], { lr: 1 }),
  "the optimizer of a scheduler": () =>
    new optim.lrScheduler.StepLR(new theirs.optim.SGD([theirLeaf()], { lr: 1 }), 1),
  "a parameter to clip": () => optim.clipGradNorm_(theirModel().parameters(), 1),
  "a module in a field": () => new Holder(theirModel()).parameters(),
  "a parameter in a field": () => new Holder(theirModel().weight).stateDict(),
  "a buffer in a field": () => new Holder(new theirs.nn.Buffer(theirLeaf())).to("float64"),
  "a module in a Sequential": () => new nn.Sequential(theirModel()),
  "a state dict": () => new nn.Linear(2, 2).loadStateDict(theirModel().stateDict()),
  "the model of a summary": () => summary(theirModel(), [2]),
  "the input of a summary": () => summary(new nn.Linear(2, 2), theirLeaf()),
  "a TensorDataset's tensor": () => new data.TensorDataset(theirLeaf()),
  "a DataLoader's data": () => new data.DataLoader(new theirs.data.TensorDataset(theirLeaf())),
  "an item of a batch": () => data.defaultCollate([theirLeaf(), theirLeaf()]),
  "what is split": () => datasets.trainTestSplit(theirLeaf(), leaf()),
  "a generator": () => ours.rand([1], { generator: new theirs.Generator() }),
  "the values of a tensor": () => tensor([theirLeaf()] as never),
};

describe("what another copy made", () => {
  const their = new RegExp(`${theirVersion} at \\S*copy\\.mjs`);
  const our = new RegExp(`${version} at \\S*packages/\\w+/`);

  for (const [name, call] of Object.entries(calls)) {
    test(`is refused with both copies' versions and files: ${name}`, () => {
      assert.throws(call, (error: Error) => {
        for (const part of [/another copy of @flambeau\/\w+ \(/, their, our])
          assert.match(error.message, part);
        return true;
      });
    });
  }

  test("computes among itself", () => {
    const x = theirLeaf();
    theirModel()(x).sum().backward();
    assert.deepEqual(x.grad?.shape, [1, 2]);
  });

  test("was warned of once, when it was loaded", () => {
    assert.equal(warnings.length, 1);
    for (const part of [/^Warning: two copies of @flambeau\/tensor are loaded/, their, our])
      assert.match(warnings[0], part);
  });
});
