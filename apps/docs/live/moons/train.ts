/** Two half moons of points, told apart by a network with one hidden layer. */
import { cat, datasets, linspace, manualSeed, meshgrid, nn, noGrad, optim, stack } from "flambeau";
import type { Settings } from "../slider.ts";
import type { Training } from "../training.ts";
import { type MoonsShown, plane } from "./sliders.ts";

export async function makeMoons({ width, lr, noise }: Settings, device: string): Promise<Training> {
  manualSeed(0);
  const { X, y } = datasets.makeMoons(200, { noise, randomState: 0 });
  const inputs = X.to({ dtype: "float32", device });
  const targets = y.to({ dtype: "float32", device }).unsqueeze(1);
  const model = new nn.Sequential(new nn.Linear(2, width), new nn.Tanh(), new nn.Linear(width, 1)).to(device);
  const criterion = new nn.BCEWithLogitsLoss();
  const optimizer = new optim.Adam(model.parameters(), { lr });

  const down = linspace(plane.top, plane.bottom, plane.rows);
  const across = linspace(plane.left, plane.right, plane.columns);
  const [rows, columns] = meshgrid([down, across], { indexing: "ij" });
  const grid = stack([columns.flatten(), rows.flatten()], 1).to(device);
  let points: MoonsShown["points"] = await cat([X.float(), y.float().unsqueeze(1)], 1).toArray<
    [number, number, number][]
  >();

  return {
    showEvery: 5,
    step() {
      optimizer.zeroGrad();
      const loss = criterion(model(inputs), targets);
      loss.backward();
      optimizer.step();
      return loss.detach();
    },
    set({ lr }) {
      optimizer.paramGroups[0].lr = lr;
    },
    async *show() {
      const ones = await noGrad(() => model(grid).sigmoid().flatten()).data();
      // A copy: the elements themselves may be shared memory, which the next step writes over.
      const probabilities = Float32Array.from(ones as Float32Array);
      yield { points, probabilities } satisfies MoonsShown;
      points = undefined;
    },
  };
}
