// A user's program that uses every package. It is checked, not run.
import { grad, gradcheck } from "@flambeau/autograd";
import { type DType, FlambeauError, type Shape } from "@flambeau/backend";
import { cpu, getNumThreads } from "@flambeau/cpu-backend";
import { DataLoader, TensorDataset } from "@flambeau/data";
import { makeCircles, StandardScaler } from "@flambeau/datasets";
import { klDivergence, Normal } from "@flambeau/distributions";
import { accuracyScore, confusionMatrix, f1Score } from "@flambeau/metrics";
import { BCEWithLogitsLoss, Linear, Module, ReLU, Sequential } from "@flambeau/nn";
import { Adam, lrScheduler } from "@flambeau/optim";
import { plotRegression } from "@flambeau/plot";
import { progress } from "@flambeau/progress";
import { loadPt, loadSafetensors, safeOpen, savePt, saveSafetensors } from "@flambeau/serialization";
import { summary } from "@flambeau/summary";
import { type Tensor, tensor, toNpy } from "@flambeau/tensor";
import { init, isAvailable } from "@flambeau/webgpu-backend";
import * as flambeau from "flambeau";

class Net extends Module {
  layers: Sequential = new Sequential(new Linear(2, 5), new ReLU(), new Linear(5, 1));
  override forward(x: Tensor): Tensor {
    return this.layers(x).flatten();
  }
}

export async function train(): Promise<number> {
  const dtype: DType = "float32";
  if (await isAvailable()) await init();
  const { X, y } = makeCircles({ nSamples: 100, noise: 0.1, randomState: 42 });
  const set = new TensorDataset(new StandardScaler().fitTransform(X).to(dtype), y.to(dtype));
  const model = new Net();
  const optimizer = new Adam(model.parameters(), { lr: 0.05 });
  const schedule = new lrScheduler.StepLR(optimizer, 5);
  let last = 0;
  const bar = progress(new DataLoader(set, { batchSize: 50, shuffle: true }), "epoch 1", { leave: false });
  for (const [inputs, labels] of bar) {
    optimizer.zeroGrad();
    const loss = new BCEWithLogitsLoss()(model(inputs), labels);
    loss.backward();
    optimizer.step();
    last = await loss.item();
    bar.setPostfix({ loss: last });
  }
  schedule.step();
  const found: Tensor = model(set.tensors[0]).gt(0);
  const score: number = accuracyScore(y, found) + f1Score(y, found, { average: "macro" });
  const cells: Tensor = confusionMatrix(y, found, { normalize: "true" });
  const each: Tensor = f1Score(y, found, { average: null });
  // @ts-expect-error: no such average.
  f1Score(y, found, { average: "mean" });
  const shape: Shape = model(tensor([[1, 2]])).shape;
  console.log(String(summary(model, [2])), shape, cpu.name, getNumThreads());
  const bytes: Uint8Array = await toNpy(tensor([1, 2]));
  model.loadStateDict(loadPt(await savePt({ model: model.stateDict() })).model);
  const weights: Uint8Array = await saveSafetensors(model.stateDict(), { metadata: { format: "pt" } });
  const first: Tensor = await (await safeOpen(weights)).getTensor("layers.0.weight");
  // @ts-expect-error: the device is given by name.
  loadSafetensors(weights, "cpu");
  const text: string = String(await plotRegression(X, y));
  // The namespaces of the whole are the packages.
  const whole: flambeau.Tensor = new flambeau.nn.Linear(2, 1)(tensor([[1, 2]]));
  // @ts-expect-error: a shape is an array of numbers.
  whole.reshape("2");
  const apart: Tensor = klDivergence(new Normal(0, 1), new Normal({ loc: 1, scale: 2 }));
  // @ts-expect-error: samples have a shape.
  new Normal(0, 1).sample(3);
  if (bytes.length + text.length + first.ndim + apart.ndim + score + cells.ndim + each.ndim === 0)
    throw new FlambeauError("nothing");
  return last + [grad, gradcheck].length;
}
