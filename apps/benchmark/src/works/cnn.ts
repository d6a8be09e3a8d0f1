/** One step of training of two convolutions (16 and 32 filters), each pooled, and a linear layer on 28x28 pictures. */
import type { Array as JaxArray } from "@jax-js/jax";
import type { Tensor4D, Tensor as TfTensor } from "@tensorflow/tfjs-core";
import { transposed } from "../arrays.ts";
import { labels, noise, twins } from "../noise.ts";
import * as flambeau from "../peers/flambeau.ts";
import * as jax from "../peers/jax.ts";
import * as tfjs from "../peers/tfjs.ts";
import type { Work } from "../work.ts";
import { oneHot } from "./mlp.ts";

const RATE = 1e-3;
const BATCH = 32;
const FLAT = 32 * 7 * 7;

const cnn: Work = {
  id: "cnn/16-32",
  title: "CNN of 16 and 32 filters, 28x28, batch 32, Adam step",
  quick: true,
  tolerance: 1e-3,
  inputs: () => ({
    x: twins(1, [BATCH, 1, 28, 28]),
    y: labels(2, BATCH, 10),
    p0: noise(11, [16, 1, 3, 3], -1 / 3, 1 / 3),
    p1: noise(12, [16], -1 / 3, 1 / 3),
    p2: noise(13, [32, 16, 3, 3], -1 / 12, 1 / 12),
    p3: noise(14, [32], -1 / 12, 1 / 12),
    p4: noise(15, [10, FLAT], -(FLAT ** -0.5), FLAT ** -0.5),
    p5: noise(16, [10], -(FLAT ** -0.5), FLAT ** -0.5),
  }),
  flambeau: (api, inputs) => {
    const { F, nn, optim } = api;
    const x = flambeau.load(api, inputs.x);
    const y = flambeau.load(api, inputs.y).to("int64");
    const model = new nn.Sequential(
      new nn.Conv2d(1, 16, 3, { padding: 1 }),
      new nn.ReLU(),
      new nn.MaxPool2d(2),
      new nn.Conv2d(16, 32, 3, { padding: 1 }),
      new nn.ReLU(),
      new nn.MaxPool2d(2),
      new nn.Flatten(),
      new nn.Linear(FLAT, 10),
    );
    const optimizer = new optim.Adam(model.parameters(), { lr: RATE });
    return flambeau.training(api, model.parameters(), inputs, optimizer, () => F.crossEntropy(model(x), y));
  },
  jax: (api, inputs) => {
    const { lax, nn, numpy } = api.jax;
    const conv = (x: JaxArray, w: JaxArray, b: JaxArray): JaxArray =>
      nn.relu(lax.conv(x, w, [1, 1], "SAME").add(b.reshape([1, -1, 1, 1])));
    const pool = (x: JaxArray): JaxArray => lax.reduceWindow(x, numpy.max, [2, 2], [2, 2]);
    const loss = ([w0, b0, w1, b1, w2, b2]: JaxArray[], [x, y]: JaxArray[]): JaxArray => {
      const features = pool(conv(pool(conv(x, w0, b0)), w1, b1)).reshape([BATCH, FLAT]);
      return nn
        .logSoftmax(numpy.matmul(features, w2).add(b2), -1)
        .mul(y)
        .sum()
        .mul(-1 / BATCH);
    };
    const data = [inputs.x, oneHot(inputs.y.data, 10)].map((array) => jax.load(api, array));
    return jax.training(api, inputs, jax.adam(api, RATE), loss, data);
  },
  tfjs: (api, inputs) => {
    // Its convolutions want the channels last, and filters as [height, width, in, out]: kept so from the start.
    const toLast = (name: string, perm: number[]): TfTensor =>
      api.transpose(tfjs.load(api, inputs[name]), perm);
    const x = toLast("x", [0, 2, 3, 1]) as Tensor4D;
    const y = tfjs.load(api, oneHot(inputs.y.data, 10));
    const parameters = [
      toLast("p0", [2, 3, 1, 0]),
      tfjs.load(api, inputs.p1),
      toLast("p2", [2, 3, 1, 0]),
      tfjs.load(api, inputs.p3),
      tfjs.load(api, transposed(inputs.p4)),
      tfjs.load(api, inputs.p5),
    ].map((tensor) => api.variable(tensor));
    const optimizer = tfjs.adam(api, RATE);
    const layer = (z: Tensor4D, w: TfTensor, b: TfTensor): Tensor4D =>
      api.maxPool(api.relu(api.add(api.conv2d(z, w as Tensor4D, 1, "same"), b)) as Tensor4D, 2, 2, "valid");
    const run = (): number => {
      const loss = optimizer.minimize(
        () => {
          const [w0, b0, w1, b1, w2, b2] = parameters;
          const last = api.transpose(layer(layer(x, w0, b0), w1, b1), [0, 3, 1, 2]);
          return api.losses.softmaxCrossEntropy(
            y,
            api.add(api.matMul(api.reshape(last, [BATCH, FLAT]), w2), b2),
          );
        },
        true,
        parameters,
      )!;
      const value = loss.dataSync()[0];
      loss.dispose();
      return value;
    };
    return { run, results: () => ({ losses: { shape: [2], data: Float32Array.of(run(), run()) } }) };
  },
  torch: { file: "cnn", arguments: { rate: RATE } },
};

export const works: readonly Work[] = [cnn];
