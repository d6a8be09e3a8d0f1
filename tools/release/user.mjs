// What a user of the published packages does: it runs on every runtime and must print the same everywhere.
import { E, input } from "@flambeau/backend";
import { Linear } from "@flambeau/nn";
import { arange } from "@flambeau/tensor";
import * as flambeau from "flambeau";

const { data, datasets, manualSeed, nn, optim, summary, tensor } = flambeau;

console.log(
  String(
    tensor([
      [1, 2],
      [3, 4],
    ]).matmul(tensor([[1], [1]])),
  ),
);
console.log(String(arange(4).mean()), E.exp(input(0)).kind);

manualSeed(0);
const { X, y } = datasets.makeCircles({ nSamples: 100, noise: 0.1, randomState: 42, factor: 0.6 });
const set = new data.TensorDataset(X.to("float32"), y.to("float32"));
const loader = new data.DataLoader(set, { batchSize: 50, shuffle: true });
const model = new nn.Sequential(new nn.Linear(2, 5), new nn.ReLU(), new nn.Linear(5, 1));
const optimizer = new optim.Adam(model.parameters(), { lr: 0.05 });
const criterion = new nn.BCEWithLogitsLoss();
for (let epoch = 0; epoch < 20; epoch++) {
  let losses = 0;
  for (const [inputs, labels] of loader) {
    optimizer.zeroGrad();
    const loss = criterion(model(inputs).flatten(), labels);
    loss.backward();
    optimizer.step();
    losses += await loss.item();
  }
  if (epoch % 5 === 4) console.log(`epoch ${epoch + 1}: ${(losses / loader.length).toFixed(3)}`);
}
console.log(String(summary(model, [2])));
// Both ways of importing lead to the same classes.
console.log(model.children()[0] instanceof Linear);
