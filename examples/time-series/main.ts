/** Two LSTM cells learn sine waves, and go on with them. After PyTorch's time_sequence_prediction. */
import { plotLines } from "@flambeau/plot";
import { arange, cat, manualSeed, nn, noGrad, optim, randint, sin, type Tensor, zeros } from "flambeau";
import type { Run } from "../shared/run.ts";

const count = 20;
const length = 200;
const period = 20;
const future = 100;
const hiddenSize = 24;
const dtype = "float64";

class Sequence extends nn.Module {
  lstm1 = new nn.LSTMCell(1, hiddenSize);
  lstm2 = new nn.LSTMCell(hiddenSize, hiddenSize);
  linear = new nn.Linear(hiddenSize, 1);

  override forward(input: Tensor, future = 0): Tensor {
    const { device } = input;
    const outputs: Tensor[] = [];
    let [h1, c1] = [
      zeros([input.length, hiddenSize], { dtype, device }),
      zeros([input.length, hiddenSize], { dtype, device }),
    ];
    let [h2, c2] = [h1, c1];
    let output = input;
    for (let t = 0; t < input.shape[1] + future; t++) {
      // Once the sequence has ended, what was predicted is what comes next.
      const x = t < input.shape[1] ? input.narrow(1, t, 1) : output;
      [h1, c1] = this.lstm1(x, [h1, c1]);
      [h2, c2] = this.lstm2(h1, [h2, c2]);
      output = this.linear(h2);
      outputs.push(output);
    }
    return cat(outputs, 1);
  }
}

export async function main(run: Run): Promise<void> {
  manualSeed(0);
  const start = randint(-4 * period, 4 * period, [count, 1]);
  const waves = sin(arange(length).add(start).to(dtype).div(period)).to(run.device);
  const input = waves.at("3:", ":-1");
  const target = waves.at("3:", "1:");
  const testInput = waves.at(":3", ":-1");
  const testTarget = waves.at(":3", "1:");

  const seq = new Sequence().to(dtype).to(run.device);
  const criterion = new nn.MSELoss();
  const optimizer = new optim.LBFGS(seq.parameters(), { lr: 0.8 });

  const steps = run.length(8);
  const { done } = await run.resume({ model: seq, optimizer });
  for (const step of run.steps(done, steps)) {
    const loss = (await optimizer.step(() => {
      optimizer.zeroGrad();
      const loss = criterion(seq(input), target);
      loss.backward();
      return loss;
    })) as Tensor;
    await run.loss(loss);
    const testLoss = await noGrad(() => criterion(seq(testInput), testTarget)).item();
    run.print(`step ${step + 1}: loss ${(await loss.item()).toFixed(6)}, test loss ${testLoss.toFixed(6)}`);
    await run.save(step + 1, { model: seq, optimizer });
  }

  const prediction = noGrad(() => seq(testInput, future));
  const next = sin(
    arange(length, length + future)
      .add(start.at(":3"))
      .to(dtype)
      .div(period),
  ).to(run.device);
  const error = await criterion(prediction.at(":", `${length - 1}:`), next).item();
  run.print(`mean squared error of the next ${future} points: ${error.toFixed(4)}`);
  const lines = [prediction.at(0), cat([testTarget.at(0), next.at(0)])];
  await run.figure(
    "prediction",
    await plotLines(lines, {
      labels: ["predicted", "true"],
      xLabel: "t",
      title: `A wave, and ${future} points that are predicted from predictions`,
    }),
  );
}
