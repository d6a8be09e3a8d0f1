/** The chapter's classifiers, trained in a page on WebGPU: the losses are the CPU's to four digits. */
import { manualSeed, nn, optim, webgpu } from "flambeau";
import { binaryClassifier, multiClassifier } from "../../../apps/chapter/src/models.ts";
import { blobsProblem, circlesProblem, loaderOf, type Problem } from "../../../apps/chapter/src/problems.ts";
import { type Criterion, trainer } from "../../../apps/chapter/src/trainer.ts";
import { check, ensure, finish, skip } from "./checks.ts";

interface Training {
  readonly problem: () => Problem;
  readonly model: () => binaryClassifier | multiClassifier;
  readonly criterion: Criterion;
  readonly rate: number;
  readonly classes: boolean;
  /** The last loss is below this part of the first: it has learned. */
  readonly part: number;
}

const trainings: Readonly<Record<string, Training>> = {
  "two circles, Adam, BCEWithLogitsLoss": {
    problem: circlesProblem,
    model: () => new binaryClassifier(2, 5, 1),
    criterion: new nn.BCEWithLogitsLoss(),
    rate: 0.1,
    classes: false,
    part: 0.9,
  },
  "four clusters, Adam, CrossEntropyLoss": {
    problem: blobsProblem,
    model: () => new multiClassifier(2, 5, 4),
    criterion: new nn.CrossEntropyLoss(),
    rate: 0.2,
    classes: true,
    part: 0.6,
  },
};

async function train(
  { problem, model, criterion, rate, classes }: Training,
  device: string,
): Promise<number[]> {
  const dataloader = loaderOf(problem(), device, { classes });
  manualSeed(0);
  const net = model().to(device);
  const optimizer = new optim.Adam(net.parameters(), { lr: rate });
  return trainer(net, criterion, optimizer, dataloader, { epochs: 10, flatten: !classes, verbose: false });
}

for (const [name, training] of Object.entries(trainings)) {
  const title = `${name}: WebGPU's losses are the CPU's`;
  if (!(await webgpu.isAvailable())) {
    await skip(title, "no WebGPU adapter");
    continue;
  }
  await check(title, async () => {
    const wanted = await train(training, "cpu");
    const { dispatches } = webgpu.stats();
    const got = await train(training, "webgpu");
    ensure(webgpu.stats().dispatches > dispatches + 100, "the GPU had nothing to do");
    ensure(wanted.length === 10 && got.length === 10, "not ten epochs");
    for (const [epoch, loss] of wanted.entries()) {
      // Half a unit of the fourth digit on either side.
      const near = Math.abs(got[epoch] - loss) <= 1e-4 * Math.abs(loss);
      ensure(near, `epoch ${epoch + 1}: ${got[epoch]} on WebGPU, ${loss} on the CPU`);
    }
    ensure(wanted[9] < training.part * wanted[0], `nothing was learned: ${wanted}`);
  });
}
if (await webgpu.isAvailable()) {
  const { vendor, architecture } = webgpu.info();
  console.log(
    `counted: webgpu in the page: ${vendor} ${architecture}, ${webgpu.stats().dispatches} dispatches`,
  );
}
finish();
