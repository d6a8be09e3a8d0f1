/** Samples of the ops on the planes of images: windows, convolutions and standardization. */
import { learnStandardization, learnWindows } from "@flambeau/autograd";
import {
  type ConvolutionAttrs,
  convolution,
  type StructuralOps,
  standardization,
  type WindowAttrs,
  windows,
} from "@flambeau/tensor";
import fc from "fast-check";
import { between } from "./input.ts";
import { apart, type Case, onTensors } from "./sample.ts";

// Their rules come with layers, which these samples do without.
learnWindows();
learnStandardization();

const real = between(-2, 2);
type Cases = fc.Arbitrary<Case>;

/** Windows on small planes: kernels, steps, borders and holes of every kind that leaves at least one position. */
const windowAttrs: fc.Arbitrary<WindowAttrs> = fc
  .array(
    fc.record({
      size: fc.integer({ min: 1, max: 4 }),
      kernel: fc.integer({ min: 1, max: 2 }),
      stride: fc.integer({ min: 1, max: 2 }),
      padding: fc.integer({ min: 0, max: 1 }),
      dilation: fc.integer({ min: 1, max: 2 }),
    }),
    { minLength: 2, maxLength: 2 },
  )
  .map((sides) => {
    const both = <T>(f: (side: (typeof sides)[number]) => T): [T, T] => [f(sides[0]), f(sides[1])];
    const span = (s: (typeof sides)[number]): number => (s.kernel - 1) * s.dilation + 1;
    return {
      windows: {
        kernel: both((s) => s.kernel),
        stride: both((s) => s.stride),
        padding: both((s) => s.padding),
        dilation: both((s) => s.dilation),
      },
      plane: both((s) => s.size),
      positions: both((s) => Math.floor((s.size + 2 * s.padding - span(s)) / s.stride) + 1),
    };
  })
  .filter(({ positions }) => positions[0] > 0 && positions[1] > 0);

const convolutionAttrs: fc.Arbitrary<ConvolutionAttrs> = fc
  .tuple(windowAttrs, fc.integer({ min: 1, max: 2 }))
  .map(([attrs, groups]) => ({ ...attrs, groups }));

/** Shapes that belong together: images, weight, bias, and what comes out. */
function shapesOf({
  windows: { kernel },
  plane,
  positions,
  groups,
}: ConvolutionAttrs): Record<"x" | "w" | "b" | "y", number[]> {
  const [n, channels, out] = [2, groups, 2 * groups];
  return {
    x: [n, channels, ...plane],
    w: [out, channels / groups, ...kernel],
    b: [out],
    y: [n, out, ...positions],
  };
}

const text = (attrs: WindowAttrs): string => JSON.stringify(attrs);

function ofConvolution(
  names: readonly ("x" | "w" | "b" | "y")[],
  call: (attrs: ConvolutionAttrs) => Case["call"],
): Cases {
  return convolutionAttrs.chain((attrs) => {
    const all = shapesOf(attrs);
    return onTensors([real], fc.constant(names.map((name) => all[name])), call(attrs), text(attrs));
  });
}

const standardized = (shape: number[], dims: number[], affine: number[] | null, bias: boolean): Cases =>
  onTensors(
    [real],
    fc.constant([shape, ...(affine === null ? [] : bias ? [affine, affine] : [affine])]),
    (x, w = null as never, b = null as never) => standardization.standardize(x, dims, 0.1, w, b).output,
    `dims ${dims}`,
  );

type WindowOp = "unfold" | "fold" | "convolution" | "convolutionInput" | "convolutionWeight" | "standardize";

export const windowOps: { readonly [K in WindowOp & keyof StructuralOps]: readonly Cases[] } = {
  unfold: [
    windowAttrs.chain((attrs) =>
      onTensors([real], fc.constant([[1, 2, ...attrs.plane]]), (x) => windows.unfold(x, attrs), text(attrs)),
    ),
  ],
  fold: [
    windowAttrs.chain((attrs) =>
      onTensors(
        [real],
        fc.constant([[1, 2, ...attrs.windows.kernel, ...attrs.positions]]),
        (x) => windows.fold(x, attrs),
        text(attrs),
      ),
    ),
  ],
  convolution: [
    ofConvolution(["x", "w"], (attrs) => (x, w) => convolution.convolve(x, w, null, attrs)),
    ofConvolution(["x", "w", "b"], (attrs) => (x, w, b) => convolution.convolve(x, w, b, attrs)),
  ],
  convolutionInput: [ofConvolution(["y", "w"], (attrs) => (g, w) => convolution.convolveInput(g, w, attrs))],
  convolutionWeight: [
    ofConvolution(["x", "y"], (attrs) => (x, g) => convolution.convolveWeight(x, g, attrs)),
  ],
  standardize: [
    standardized([3, 2], [1], [2], true),
    standardized([3, 2], [0], null, false),
    standardized([2, 2, 3], [0, 2], [2, 1], true),
    standardized([2, 2, 3], [1, 2], [2, 3], false),
  ],
};

/** No window lies beside its plane altogether. */
const onPlane = windowAttrs.filter(({ windows: w }) =>
  [0, 1].every((i) => w.dilation[i] === 1 && 2 * w.padding[i] <= w.kernel[i]),
);

/** The largest element of each window: all differ, so that it is plain which one that is. */
export const maxPool: readonly Cases[] = [
  onPlane.chain((attrs) =>
    onTensors(
      [real],
      fc.constant([[1, 2, ...attrs.plane]]),
      (x) => windows.maxPool(x, attrs).values,
      text(attrs),
    ).map((c) => ({ ...c, inputs: c.inputs.map(apart) })),
  ),
];
