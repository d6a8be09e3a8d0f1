/** One step of training of a recurrent cell with an LSTM's gates, written with matrix products, over 16 time steps. */
import type { Array as JaxArray } from "@jax-js/jax";
import type { Tensor as TfTensor } from "@tensorflow/tfjs-core";
import type { Tensor } from "flambeau";
import { noise } from "../noise.ts";
import * as flambeau from "../peers/flambeau.ts";
import * as jax from "../peers/jax.ts";
import * as tfjs from "../peers/tfjs.ts";
import type { Work } from "../work.ts";

const RATE = 0.1;
const [TIMES, BATCH, FEATURES, HIDDEN] = [16, 32, 32, 64];
const GATES = 4 * HIDDEN;
const BOUND = HIDDEN ** -0.5;

const lstm: Work = {
  id: "lstm/32-64",
  title: `LSTM-like cell 32-64, ${TIMES} time steps, batch ${BATCH}, SGD step`,
  quick: true,
  tolerance: 1e-3,
  inputs: () => ({
    x: noise(1, [TIMES, BATCH, FEATURES]),
    y: noise(2, [BATCH, HIDDEN]),
    p0: noise(11, [GATES, FEATURES], -BOUND, BOUND),
    p1: noise(12, [GATES, HIDDEN], -BOUND, BOUND),
    p2: noise(13, [GATES], -BOUND, BOUND),
  }),
  flambeau: (api, inputs) => {
    const { F, nn, optim, zeros } = api;
    const steps = flambeau.load(api, inputs.x).unbind(0);
    const y = flambeau.load(api, inputs.y);
    const fromInput = new nn.Linear(FEATURES, GATES, { bias: false });
    const fromState = new nn.Linear(HIDDEN, GATES);
    const parameters = [fromInput.weight, fromState.weight, fromState.bias!];
    const loss = (): Tensor => {
      let h = zeros([BATCH, HIDDEN]);
      let c = zeros([BATCH, HIDDEN]);
      for (const x of steps) {
        const [i, f, g, o] = fromInput(x).add(fromState(h)).chunk(4, 1);
        c = f.sigmoid().mul(c).add(i.sigmoid().mul(g.tanh()));
        h = o.sigmoid().mul(c.tanh());
      }
      return F.mseLoss(h, y);
    };
    return flambeau.training(api, parameters, inputs, new optim.SGD(parameters, { lr: RATE }), loss);
  },
  jax: (api, inputs) => {
    const { nn, numpy } = api.jax;
    const loss = ([wx, wh, b]: JaxArray[], data: JaxArray[]): JaxArray => {
      const steps = data.slice(0, TIMES);
      let h = numpy.zeros([BATCH, HIDDEN]);
      let c = numpy.zeros([BATCH, HIDDEN]);
      for (const x of steps) {
        const gates = numpy.matmul(x, wx.ref).add(numpy.matmul(h, wh.ref)).add(b.ref);
        const [i, f, g, o] = numpy.split(gates, 4, 1);
        c = nn
          .sigmoid(f)
          .mul(c)
          .add(nn.sigmoid(i).mul(numpy.tanh(g)));
        h = nn.sigmoid(o).mul(numpy.tanh(c.ref));
      }
      for (const array of [wx, wh, b, c]) array.dispose();
      return numpy.square(h.sub(data[TIMES])).mean();
    };
    const size = BATCH * FEATURES;
    const steps = Array.from({ length: TIMES }, (_, t) => ({
      shape: [BATCH, FEATURES],
      data: inputs.x.data.slice(t * size, (t + 1) * size),
    }));
    const data = [...steps, inputs.y].map((array) => jax.load(api, array));
    return jax.training(api, inputs, jax.sgd(api, RATE), loss, data);
  },
  tfjs: (api, inputs) => {
    const steps = api.unstack(tfjs.load(api, inputs.x));
    const y = tfjs.load(api, inputs.y);
    const loss = ([wx, wh, b]: TfTensor[]): TfTensor => {
      let h = api.zeros([BATCH, HIDDEN]) as TfTensor;
      let c = h;
      for (const x of steps) {
        const gates = api.add(api.add(api.matMul(x, wx), api.matMul(h, wh)), b);
        const [i, f, g, o] = api.split(gates, 4, 1);
        c = api.add(api.mul(api.sigmoid(f), c), api.mul(api.sigmoid(i), api.tanh(g)));
        h = api.mul(api.sigmoid(o), api.tanh(c));
      }
      return api.mean(api.squaredDifference(h, y));
    };
    return tfjs.training(api, inputs, api.train.sgd(RATE), loss);
  },
  torch: { file: "lstm", arguments: { rate: RATE } },
};

export const works: readonly Work[] = [lstm];
