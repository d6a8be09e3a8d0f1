/** One step of training (forward, loss, backward, Adam) of networks with one hidden layer, without a DataLoader. */
import type { Array as JaxArray } from "@jax-js/jax";
import type { Tensor as TfTensor } from "@tensorflow/tfjs-core";
import type { Tensor } from "flambeau";
import type { Inputs } from "../arrays.ts";
import { labels, noise, twins } from "../noise.ts";
import * as flambeau from "../peers/flambeau.ts";
import * as jax from "../peers/jax.ts";
import * as tfjs from "../peers/tfjs.ts";
import type { Work } from "../work.ts";

const RATE = 1e-3;

/** Weights and biases that a network of these widths starts from, as nn.Linear scales them. */
function parametersOf(features: number, hidden: number, outputs: number): Inputs {
  const [first, second] = [features ** -0.5, hidden ** -0.5];
  return {
    p0: noise(11, [hidden, features], -first, first),
    p1: noise(12, [hidden], -first, first),
    p2: noise(13, [outputs, hidden], -second, second),
    p3: noise(14, [outputs], -second, second),
  };
}

function mlp(features: number, hidden: number, outputs: number, batch: number, quick: boolean): Work {
  const binary = outputs === 1;
  const widths = `${features}-${hidden}-${outputs}`;
  return {
    id: `mlp/${widths}`,
    title: `MLP ${widths}, batch ${batch}, Adam step`,
    quick,
    gpu: hidden <= 512,
    tolerance: 1e-3,
    ...(binary ? {} : { growth: { panel: "step", curve: "MLP 784-n-10", size: hidden } }),
    inputs: () => ({
      x: twins(1, [batch, features]),
      y: labels(2, batch, binary ? 2 : outputs),
      ...parametersOf(features, hidden, outputs),
    }),
    flambeau: (api, inputs) => {
      const { F, nn, optim } = api;
      const x = flambeau.load(api, inputs.x);
      const y = flambeau.load(api, inputs.y);
      const model = flambeau.place(
        new nn.Sequential(new nn.Linear(features, hidden), new nn.ReLU(), new nn.Linear(hidden, outputs)),
      );
      const optimizer = new optim.Adam(model.parameters(), { lr: RATE });
      const classes = y.to("int64");
      const loss = (): Tensor =>
        binary ? F.binaryCrossEntropyWithLogits(model(x).flatten(), y) : F.crossEntropy(model(x), classes);
      return flambeau.training(api, model.parameters(), inputs, optimizer, loss);
    },
    jax: (api, inputs) => {
      const { nn, numpy } = api.jax;
      const loss = ([w0, b0, w1, b1]: JaxArray[], [x, y]: JaxArray[]): JaxArray => {
        const logits = numpy.matmul(nn.relu(numpy.matmul(x, w0).add(b0)), w1).add(b1);
        // -log(1 + exp(z)) is the log of the other class's probability.
        if (binary) return nn.softplus(logits.ref).sub(logits.mul(y)).mean();
        return nn
          .logSoftmax(logits, -1)
          .mul(y)
          .sum()
          .mul(-1 / batch);
      };
      const targets = binary ? { shape: [batch, 1], data: inputs.y.data } : oneHot(inputs.y.data, outputs);
      return jax.training(api, inputs, jax.adam(api, RATE), loss, [
        jax.load(api, inputs.x),
        jax.load(api, targets),
      ]);
    },
    tfjs: (api, inputs) => {
      const x = tfjs.load(api, inputs.x) as ReturnType<typeof api.tensor2d>;
      const targets = binary ? { shape: [batch, 1], data: inputs.y.data } : oneHot(inputs.y.data, outputs);
      const y = tfjs.load(api, targets);
      const loss = ([w0, b0, w1, b1]: TfTensor[]): TfTensor => {
        const logits = api.add(api.matMul(api.relu(api.add(api.matMul(x, w0), b0)), w1), b1);
        return binary ? api.losses.sigmoidCrossEntropy(y, logits) : api.losses.softmaxCrossEntropy(y, logits);
      };
      return tfjs.training(api, inputs, tfjs.adam(api, RATE), loss);
    },
    torch: { file: "mlp", arguments: { features, hidden, outputs, rate: RATE } },
  };
}

/** Classes as rows with a one. */
export function oneHot(classes: Float32Array, count: number): Inputs[string] {
  const data = new Float32Array(classes.length * count);
  classes.forEach((label, i) => {
    data[i * count + label] = 1;
  });
  return { shape: [classes.length, count], data };
}

export const works: readonly Work[] = [
  mlp(2, 5, 1, 50, true),
  ...[8, 32, 128, 512, 2048].map((hidden) => mlp(784, hidden, 10, 64, hidden === 128)),
];
