/** Samples of attention: plain, causal, under masks of both kinds, and with leading dimensions that broadcast. */
import { learnAttention } from "@flambeau/autograd";
import { attention, type Tensor, tensor } from "@flambeau/tensor";
import fc from "fast-check";
import { between } from "./input.ts";
import { beside, type Case, onTensors } from "./sample.ts";

// Its rule comes with the layer's function, which these samples do without.
learnAttention();

const real = between(-1, 1);
const shapes = fc.constantFrom(
  [
    [2, 3],
    [3, 3],
    [3, 2],
  ],
  [
    [1, 1],
    [1, 1],
    [1, 1],
  ],
  [
    [2, 3, 2],
    [2, 2, 2],
    [2, 2, 2],
  ],
  [
    [2, 1, 2, 2],
    [2, 3, 2],
    [1, 3, 2],
  ],
);

/** Of every other key, and of each query's first one. */
function some(q: Tensor, k: Tensor): Tensor {
  const [queries, keys] = [q.shape[q.ndim - 2], k.shape[k.ndim - 2]];
  const rows = Array.from({ length: queries }, (_, i) =>
    Array.from({ length: keys }, (__, j) => j === 0 || (i + j) % 2 === 0),
  );
  return beside(q, tensor(rows, { dtype: "bool" }));
}

const cases = (text: string, call: (q: Tensor, k: Tensor, v: Tensor) => Tensor): fc.Arbitrary<Case> =>
  onTensors([real], shapes, call as (...x: Tensor[]) => Tensor, text);

export const attentionOps: { readonly attention: readonly fc.Arbitrary<Case>[] } = {
  attention: [
    cases("plain", (q, k, v) => attention.attention(q, k, v, 0.7, { causal: false, mask: null })),
    cases("causal", (q, k, v) => attention.attention(q, k, v, 0.7, { causal: true, mask: null })),
    cases("a bool mask", (q, k, v) => attention.attention(q, k, v, 1, { causal: false, mask: some(q, k) })),
    onTensors(
      [real],
      fc.constantFrom(
        [
          [2, 3],
          [3, 3],
          [3, 2],
          [2, 3],
        ],
        [
          [2, 2, 2],
          [2, 3, 2],
          [2, 3, 1],
          [1, 3],
        ],
        [
          [2, 2, 2],
          [2, 3, 2],
          [2, 3, 1],
          [2, 1, 3],
        ],
      ),
      (q, k, v, mask) => attention.attention(q, k, v, 1, { causal: false, mask }),
      "an added mask",
    ),
  ],
};
