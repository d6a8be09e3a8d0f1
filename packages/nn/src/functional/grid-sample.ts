/**
 * Images read at any places.
 *
 * @module
 */
import { DTypeError, formatShape, isFloat, ShapeError } from "@flambeau/backend";
import { arange, type Callable, callable, cat, ones, type Tensor, where } from "@flambeau/tensor";

type PaddingMode = "zeros" | "border" | "reflection";

const GRID_SAMPLE =
  "gridSample(input, grid: tensor, mode: 'bilinear'|'nearest'|'bicubic' = 'bilinear', paddingMode: 'zeros'|'border'|'reflection' = 'zeros', alignCorners?: bool)";

/**
 * Elements of images `[batch, channels, height, width]` at the places of a grid `[batch, height', width', 2]`, or of volumes at those of
 * `[batch, depth', height', width', 3]`. A place is x, y and z from -1 to 1 across the image; outside of it there are zeros, the
 * border, or its reflection.
 *
 * Source: Jaderberg et al., "Spatial Transformer Networks" (2015), with PyTorch's conventions.
 *
 * @throws ShapeError when input and grid do not go together, or `mode` is "bicubic" for volumes; DTypeError when they are no floats of
 *   one dtype.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * const image = tensor([[[[1, 2], [3, 4]]]]);
 * const grid = tensor([[[[0, 0], [1, 1]]]]);
 * console.log(String(F.gridSample(image, grid, { alignCorners: true })));
 * // tensor([[[[2.5000, 4.0000]]]])
 * ```
 */
export const gridSample: Callable<typeof GRID_SAMPLE, Tensor> = callable(
  GRID_SAMPLE,
  (input, grid, mode, paddingMode, alignCorners) => {
    check(input, grid, mode);
    const n = input.ndim - 2;
    const [batch, channels, ...sizes] = input.shape;
    const places = grid.shape.slice(1, -1);
    const align = alignCorners ?? false;
    const flat = input.flatten(2);
    // A grid's x is the last dimension of the input.
    const given = sizes.map((size, axis) => {
      const at = grid.select(n + 1, n - 1 - axis).flatten(1);
      return align ? at.add(1).mul((size - 1) / 2) : at.add(1).mul(size).sub(1).div(2);
    });
    const bounded = (at: Tensor, axis: number): Tensor => padded(at, sizes[axis], paddingMode, align);
    /** The elements at whole places, zero where there are none. */
    const read = (at: readonly Tensor[]): Tensor => {
      let index = at[0].mul(0);
      let inside: Tensor | null = null;
      for (const [axis, place] of at.entries()) {
        const isIn = place.ge(0).logicalAnd(place.lt(sizes[axis]));
        inside = inside === null ? isIn : inside.logicalAnd(isIn);
        index = index.mul(sizes[axis]).add(where(isIn, place, 0));
      }
      const element = index.to("int64").unsqueeze(1).expand([batch, channels, index.shape[1]]);
      return where((inside as Tensor).unsqueeze(1), flat.gather(2, element), 0);
    };
    const sum = (terms: readonly (readonly [places: Tensor[], weight: Tensor])[]): Tensor =>
      terms
        .map(([at, weight]) => read(at).mul(weight.unsqueeze(1)))
        .reduce((a, b) => a.add(b))
        .reshape([batch, channels, ...places]);
    if (mode === "bicubic") return sum(cubicTerms(given, bounded));
    const at = given.map(bounded);
    if (mode === "nearest") {
      const none = at.map((place) => place.mul(0)).reduce((a, b) => a.add(b));
      return sum([[at.map((place) => place.detach().round()), none.add(1)]]);
    }
    return sum(linearTerms(at));
  },
);

function check(input: Tensor, grid: Tensor, mode: string): void {
  if (!isFloat(input.dtype) || grid.dtype !== input.dtype)
    throw new DTypeError(`gridSample takes floats of one dtype; got ${input.dtype} and ${grid.dtype}`);
  const n = input.ndim - 2;
  const fits =
    (n === 2 || n === 3) &&
    grid.ndim === input.ndim &&
    grid.shape[0] === input.shape[0] &&
    grid.shape[n + 1] === n &&
    !input.shape.slice(2).includes(0);
  if (!fits) {
    throw new ShapeError(
      `gridSample takes an input [batch, channels, height, width] and a grid [batch, height, width, 2], or a volume and a grid of threes; got ${formatShape(input.shape)} and ${formatShape(grid.shape)}`,
    );
  }
  if (mode === "bicubic" && n !== 2)
    throw new ShapeError(`gridSample: "bicubic" is for images; got shape ${formatShape(input.shape)}`);
}

/** Places brought into the image; where they are not, their derivative is zero. */
function padded(at: Tensor, size: number, mode: PaddingMode, align: boolean): Tensor {
  if (mode === "zeros") return at;
  const inside = mode === "border" ? at : reflected(at, align ? 0 : -0.5, align ? size - 1 : size - 0.5);
  return where(inside.le(0), 0, where(inside.ge(size - 1), size - 1, inside));
}

function reflected(at: Tensor, low: number, high: number): Tensor {
  const span = high - low;
  if (span === 0) return at.mul(0);
  const distance = at.sub(low).abs();
  const flips = distance.detach().div(span).floor();
  const extra = distance.sub(flips.mul(span));
  const isEven = flips.remainder(2).eq(0);
  return where(isEven, extra.add(low), extra.neg().add(span + low));
}

type Term = readonly [places: Tensor[], weight: Tensor];

/** The corners around each place, with the product of the nearness along each axis. */
function linearTerms(at: readonly Tensor[]): Term[] {
  let terms: Term[] = [[[], at[0].detach().mul(0).add(1)]];
  for (const place of at) {
    const first = place.detach().floor();
    const part = place.sub(first);
    terms = terms.flatMap(([places, weight]): Term[] => [
      [[...places, first], weight.mul(part.neg().add(1))],
      [[...places, first.add(1)], weight.mul(part)],
    ]);
  }
  return terms;
}

/** The sixteen places around each one, by cubic convolution. Source: Keys 1981. */
function cubicTerms(at: readonly Tensor[], bounded: (at: Tensor, axis: number) => Tensor): Term[] {
  const a = -0.75;
  const near = (x: Tensor): Tensor =>
    x
      .mul(a + 2)
      .sub(a + 3)
      .mul(x)
      .mul(x)
      .add(1);
  const far = (x: Tensor): Tensor =>
    x
      .mul(a)
      .sub(5 * a)
      .mul(x)
      .add(8 * a)
      .mul(x)
      .sub(4 * a);
  let terms: Term[] = [[[], at[0].detach().mul(0).add(1)]];
  for (const [axis, place] of at.entries()) {
    const first = place.detach().floor();
    const t = place.sub(first);
    const rest = t.neg().add(1);
    const weights = [far(t.add(1)), near(t), near(rest), far(rest.add(1))];
    const places = weights.map((_, k) => bounded(first.add(k - 1), axis));
    terms = terms.flatMap(([before, weight]) =>
      weights.map((own, k): Term => [[...before, places[k]], weight.mul(own)]),
    );
  }
  return terms;
}

const AFFINE_GRID = "affineGrid(theta: tensor, size, alignCorners?: bool)";

/**
 * The grid for `gridSample` that affine maps give: `theta` is `[batch, 2, 3]` for images of a size `[batch, channels, height, width]`,
 * or `[batch, 3, 4]` for volumes.
 *
 * @throws ShapeError when `theta` and the size do not go together; DTypeError when it is no float.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * const identity = tensor([[[1, 0, 0], [0, 1, 0]]]);
 * console.log(String(F.affineGrid(identity, [1, 1, 1, 2], true)));
 * // tensor([[[[-1.,  0.],
 * //           [ 1.,  0.]]]])
 * ```
 */
export const affineGrid: Callable<typeof AFFINE_GRID, Tensor> = callable(
  AFFINE_GRID,
  (theta, size, alignCorners) => {
    const n = size.length - 2;
    if (!isFloat(theta.dtype)) throw new DTypeError(`affineGrid takes floats; got ${theta.dtype}`);
    if ((n !== 2 && n !== 3) || theta.shape.join() !== [size[0], n, n + 1].join()) {
      throw new ShapeError(
        `affineGrid takes theta [batch, 2, 3] and a size [batch, channels, height, width], or [batch, 3, 4] and one of volumes; got shape ${formatShape(theta.shape)} and size ${formatShape(size)}`,
      );
    }
    const { dtype, device } = theta;
    const plane = size.slice(2);
    const axes = plane.map((count, axis) => {
      const shape = plane.map((_, i) => (i === axis ? count : 1));
      return along(count, alignCorners ?? false, theta)
        .reshape([...shape, 1])
        .expand([...plane, 1]);
    });
    const base = cat([...axes.reverse(), ones([...plane, 1], { dtype, device })], n);
    const places = base.reshape([-1, n + 1]).matmul(theta.mT);
    return places.reshape([size[0], ...plane, n]);
  },
);

/** Places from -1 to 1: of the outer elements, or of the edges outside of them. */
function along(count: number, align: boolean, { dtype, device }: Tensor): Tensor {
  const steps = arange(count, { dtype, device });
  if (count === 1) return steps;
  const even = steps.mul(2 / (count - 1)).sub(1);
  return align ? even : even.mul((count - 1) / count);
}
