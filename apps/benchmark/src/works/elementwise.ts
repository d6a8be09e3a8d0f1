/** Single operations on many elements: elementwise ones, ones on rows of 1000 elements, and a sum. */
import type { Array as JaxArray } from "@jax-js/jax";
import type { Tensor as TfTensor } from "@tensorflow/tfjs-core";
import type { Tensor } from "flambeau";
import { noise } from "../noise.ts";
import * as flambeau from "../peers/flambeau.ts";
import * as jax from "../peers/jax.ts";
import * as tfjs from "../peers/tfjs.ts";
import type { Work } from "../work.ts";

interface Operation {
  /** How many tensors of the full size it takes; layerNorm has a weight and a bias besides. */
  readonly operands?: 2;
  readonly onRows?: true;
  /** Between which numbers the input lies. Default -4 and 4. */
  readonly range?: readonly [number, number];
  readonly tolerance?: number;
  readonly sizes?: readonly number[];
  readonly flambeau: (api: flambeau.Flambeau, x: Tensor[]) => Tensor;
  readonly jax: (api: jax.Jax["jax"], x: JaxArray[]) => JaxArray;
  readonly tfjs: (api: tfjs.Tfjs, x: TfTensor[]) => TfTensor;
}

const operations: Record<string, Operation> = {
  add: {
    operands: 2,
    flambeau: (_, [x, y]) => x.add(y),
    jax: ({ numpy }, [x, y]) => numpy.add(x, y),
    tfjs: (tf, [x, y]) => tf.add(x, y),
  },
  exp: {
    sizes: [10, 100, 1e3, 1e4, 1e5, 1e6],
    flambeau: (_, [x]) => x.exp(),
    jax: ({ numpy }, [x]) => numpy.exp(x),
    tfjs: (tf, [x]) => tf.exp(x),
  },
  tanh: {
    flambeau: (_, [x]) => x.tanh(),
    jax: ({ numpy }, [x]) => numpy.tanh(x),
    tfjs: (tf, [x]) => tf.tanh(x),
  },
  gelu: {
    flambeau: ({ F }, [x]) => F.gelu(x),
    jax: ({ nn }, [x]) => nn.gelu(x, { approximate: false }),
    // It has no gelu of its own in tfjs-core.
    tfjs: (tf, [x]) => tf.tidy(() => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1))),
  },
  softmax: {
    onRows: true,
    flambeau: ({ F }, [x]) => F.softmax(x, -1),
    jax: ({ nn }, [x]) => nn.softmax(x, -1),
    tfjs: (tf, [x]) => tf.softmax(x, -1),
  },
  layerNorm: {
    onRows: true,
    flambeau: ({ F }, [x, weight, bias]) => F.layerNorm(x, weight.shape, { weight, bias }),
    jax: ({ nn }, [x, weight, bias]) => nn.standardize(x, -1).mul(weight).add(bias),
    tfjs: (tf, [x, weight, bias]) =>
      tf.tidy(() => {
        const { mean, variance } = tf.moments(x, -1, true);
        return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5))), weight), bias);
      }),
  },
  sum: {
    // Positive numbers: a sum near zero would compare nothing but rounding.
    range: [0, 1],
    tolerance: 1e-4,
    flambeau: (_, [x]) => x.sum(),
    jax: ({ numpy }, [x]) => numpy.sum(x),
    tfjs: (tf, [x]) => tf.sum(x),
  },
};

/** `left`: see `flambeau.operation`. */
function elementwise(name: string, operation: Operation, size: number, left = false): Work {
  const { operands = 1, onRows = false, range = [-4, 4], tolerance } = operation;
  const shape = onRows ? [size / 1000, 1000] : [size];
  return {
    id: `${left ? "left-" : ""}${name}/1e${Math.log10(size)}`,
    title: `${name}, 1e${Math.log10(size)}${onRows ? " in rows of 1000" : ""}${left ? ", left to the garbage collector" : ""}`,
    quick: size === 1e5 && !left,
    ...(tolerance === undefined ? {} : { tolerance }),
    ...(left ? {} : { growth: { panel: "elementwise", curve: name, size } as const }),
    inputs: () => ({
      x0: noise(1, shape, ...range),
      ...(operands === 2 ? { x1: noise(2, shape, ...range) } : {}),
      ...(name === "layerNorm" ? { x1: noise(3, [1000]), x2: noise(4, [1000]) } : {}),
    }),
    flambeau: (api, inputs) => {
      const x = Object.values(inputs).map((array) => flambeau.load(api, array));
      return flambeau.operation(() => operation.flambeau(api, x), left);
    },
    jax: (api, inputs) =>
      jax.operation(
        api,
        (...x) => operation.jax(api.jax, x),
        Object.values(inputs).map((array) => jax.load(api, array)),
      ),
    tfjs: (api, inputs) => {
      const x = Object.values(inputs).map((array) => tfjs.load(api, array));
      return tfjs.operation(() => operation.tfjs(api, x));
    },
    torch: { file: "elementwise", arguments: { name } },
  };
}

export const works: readonly Work[] = [
  ...Object.entries(operations).flatMap(([name, operation]) =>
    (operation.sizes ?? [1e3, 1e5, 1e6]).map((size) => elementwise(name, operation, size)),
  ),
  ...[1e5, 1e6].map((size) => elementwise("add", operations.add, size, true)),
];
