// What a test runner's `expect` has to find equal, and what not.
import { ones, tensor, zeros } from "flambeau";

const matrix = () =>
  tensor([
    [1, 2],
    [3, 4],
  ]);
/** A user's own asymmetric matcher, for tensors that are nearly equal. */
const close = (y, options) => ({ asymmetricMatch: (x) => x.allclose(y, options) });

const equal = {
  scalars: [tensor(1), tensor(1)],
  vectors: [tensor([1, 2]), tensor([1, 2])],
  "a transposed matrix": [
    matrix().T,
    tensor([
      [1, 3],
      [2, 4],
    ]),
  ],
  "a slice": [tensor([9, 1, 2]).at("1:"), tensor([1, 2])],
  "a tensor that was written into": [zeros([2]).add_(1), ones([2])],
  "a hundred thousand elements": [ones([100_000]).mul(3), ones([100_000]).add(2)],
  nan: [tensor([NaN, 1]), tensor([NaN, 1])],
  int64: [tensor([1n]), tensor([1n])],
  "with and without a gradient": [tensor([1, 2], { requiresGrad: true }), tensor([1, 2])],
  "in objects": [
    { x: matrix().mul(1), y: [tensor(3)] },
    { x: matrix(), y: [tensor(3)] },
  ],
};
const different = {
  scalars: [tensor(1), tensor(2)],
  vectors: [tensor([1, 2]), tensor([1, 3])],
  dtypes: [tensor([1]), tensor([1], { dtype: "int32" })],
  shapes: [zeros([2, 3]), zeros([3, 2])],
  "empty shapes": [zeros([0, 3]), zeros([0, 2])],
  "a scalar and a vector": [tensor(1), tensor([1])],
  "a tensor and an array": [tensor([1]), [1]],
  "in objects": [{ y: [tensor(3)] }, { y: [tensor(4)] }],
};

export function cases(expect) {
  return [
    ...Object.entries(equal).map(([name, [a, b]]) => [`equal: ${name}`, () => expect(a).toEqual(b)]),
    ...Object.entries(different).map(([name, [a, b]]) => [`not: ${name}`, () => expect(a).not.toEqual(b)]),
    ["equal strictly", () => expect(matrix()).toStrictEqual(matrix())],
    [
      "close",
      () => {
        const one = tensor([1.0001]);
        expect({ loss: one }).toEqual({ loss: close(tensor([1]), { atol: 1e-3 }) });
        expect({ loss: one }).not.toEqual({ loss: close(tensor([1]), { atol: 1e-5 }) });
      },
    ],
  ];
}

/** Tests that fail, for what is shown then. */
export function differing(expect) {
  return [
    ["a matrix", () => expect(matrix()).toEqual(matrix().mul(tensor([1, 2])))],
    ["in an object", () => expect({ loss: tensor(0.5) }).toEqual({ loss: tensor(0.25) })],
  ];
}
