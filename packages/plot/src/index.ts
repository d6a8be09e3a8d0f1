/**
 * Figures as SVG, without a browser: the chapter's, and those of training. The plotting library is loaded with the first figure, so that
 * importing this package costs next to nothing.
 *
 * @module
 */
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import type { ActivationClass, ActivationsOptions } from "./activations.ts";
import type { ClassificationOptions } from "./classification.ts";
import type { ConfusionMatrixOptions } from "./confusion-matrix.ts";
import type { Curves, LinesOptions } from "./curves.ts";
import type { Values } from "./data.ts";
import type { Figure } from "./figure.ts";
import type { NodesModel } from "./hidden-layer.ts";
import type { HistogramOptions } from "./histogram.ts";
import type { ImagesOptions } from "./images.ts";
import type { Model } from "./model.ts";
import type { NodesOptions } from "./nodes.ts";
import type { RegressionOptions } from "./regression.ts";

export type { ActivationClass, ActivationsOptions } from "./activations.ts";
export { CanvasError } from "./canvas-error.ts";
export type { ClassificationOptions, Transform } from "./classification.ts";
export type { ConfusionMatrixOptions } from "./confusion-matrix.ts";
export type { Curves, LinesOptions } from "./curves.ts";
export type { Numbers, Values } from "./data.ts";
export type { ShowFigure } from "./display.ts";
export { Figure, type FigureBlobOptions, type SaveFigureOptions } from "./figure.ts";
export type { NodesModel } from "./hidden-layer.ts";
export type { HistogramOptions } from "./histogram.ts";
export type { ImagesOptions } from "./images.ts";
export { LiveLines, type LiveLinesOptions, type LiveValues, liveLines } from "./live-lines.ts";
export type { Model } from "./model.ts";
export type { NodesOptions } from "./nodes.ts";
export type { Range } from "./range.ts";
export type { RegressionOptions } from "./regression.ts";
export type { BlobLike, RuntimeBlob } from "./runtime.ts";
export type { FigureFormat } from "./save.ts";

const PLOT_REGRESSION =
  "plotRegression(X: tensor|iterable, y: tensor|iterable, yHat?: tensor|iterable, *, xRange?: numbers, yRange?: numbers, dx?: number, dy?: number, title?: string)";

interface RegressionTypes extends RegressionOptions {
  /** The feature, shape [n] or [n, 1]. */
  readonly X: Values;
  /** The target, shape [n] or [n, 1], or a single value. */
  readonly y: Values;
  /** The predictions, shape [n] or [n, 1]. */
  readonly yHat: Values | null;
}

/**
 * Draws observations of one feature against their target, and the fitted line where there is one.
 *
 * The line is drawn in the order of X, so the data need no sorting. For a curve without data, give `[0]` as
 * y, as the chapter does: a single y belongs to the first X alone.
 *
 * @throws ShapeError when the shapes do not fit; ValueError for values that are no numbers or a range that is
 * none
 *
 * @example
 * ```ts
 * import { plotRegression } from "@flambeau/plot";
 *
 * const figure = await plotRegression([1, 2, 3], [2.1, 3.9, 6.2], [2, 4, 6], { yRange: [0, 8], dy: 2 });
 * console.log(figure.svg.match(/<circle /g)?.length);
 * // 3
 * ```
 */
export async function plotRegression(
  ...args: Args<typeof PLOT_REGRESSION, RegressionTypes>
): Promise<Figure> {
  const { X, y, yHat, ...options } = bind<typeof PLOT_REGRESSION, RegressionTypes>(PLOT_REGRESSION, args);
  const figure = await import("./regression.ts");
  return figure.plotRegression(X, y, yHat, options);
}

const PLOT_CLASSIFICATION =
  "plotClassification2d(X: tensor|iterable, y: tensor|iterable, model?: function, *, transform: 'Sigmoid'|'Softmax' = 'Sigmoid', xRange?: numbers, yRange?: numbers, dx?: number, dy?: number, title?: string)";

interface ClassificationTypes extends ClassificationOptions {
  /** The two features, shape [n, 2]. */
  readonly X: Values;
  /** The classes 0, 1, 2, ..., shape [n] or [n, 1], of any dtype. */
  readonly y: Values;
  /** Maps a batch of shape [m, 2] to shape [m] or [m, 1] (Sigmoid) or [m, classes] (Softmax). */
  readonly model: Model | null;
}

/**
 * Draws points of the plane by class and, where there is a model, what it decides everywhere.
 *
 * With `transform: "Sigmoid"` the model has one output a row, a logit: the background shows the probability
 * of class 1 in ten bands, the line is where it is 0.5. With "Softmax" it has one output per class: each
 * region has the colour of the class with the largest probability. The model runs without recording, on the
 * device and in the dtype of its parameters.
 *
 * @throws ShapeError when shapes do not fit; ValueError for an unknown transform or labels that are no
 * classes of the model
 *
 * @example
 * ```ts
 * import { plotClassification2d } from "@flambeau/plot";
 *
 * const figure = await plotClassification2d([[0, 0], [1, 1], [0, 1]], [0, 0, 1]);
 * console.log(figure.svg.match(/<circle /g)?.length);
 * // 3
 * ```
 */
export async function plotClassification2d(
  ...args: Args<typeof PLOT_CLASSIFICATION, ClassificationTypes>
): Promise<Figure> {
  const { X, y, model, ...options } = bind<typeof PLOT_CLASSIFICATION, ClassificationTypes>(
    PLOT_CLASSIFICATION,
    args,
  );
  const figure = await import("./classification.ts");
  return figure.plotClassification2d(X, y, model, options);
}

const PLOT_NODES =
  "plotNodes(X: tensor|iterable, yHat: tensor|iterable, model: function, *, xRange?: numbers, yRange?: numbers, dx?: number, dy?: number, title?: string)";

interface NodesTypes extends NodesOptions {
  /** The feature, shape [n] or [n, 1]. */
  readonly X: Values;
  /** The model's predictions for X, shape [n] or [n, 1]. */
  readonly yHat: Values;
  /** The network; its modules may be in any order. */
  readonly model: NodesModel;
}

/**
 * Shows how each hidden node of a network engineers a feature that the prediction is made of.
 *
 * For a model of one hidden layer (linear, activation, linear, one input, one output) it draws three panels:
 * what each hidden node gives, the same times its output weight (with the output bias), and their running sum
 * up to the prediction.
 *
 * @throws ShapeError when shapes do not fit; ValueError for a model of another form
 *
 * @example
 * ```ts
 * import { Linear, Sequential, Sigmoid } from "@flambeau/nn";
 * import { plotNodes } from "@flambeau/plot";
 *
 * const model = new Sequential(new Linear(1, 3), new Sigmoid(), new Linear(3, 1));
 * const figure = await plotNodes([-1, 0, 1], [0, 0, 0], model);
 * console.log(figure.svg.includes("Node 3"));
 * // true
 * ```
 */
export async function plotNodes(...args: Args<typeof PLOT_NODES, NodesTypes>): Promise<Figure> {
  const { X, yHat, model, ...options } = bind<typeof PLOT_NODES, NodesTypes>(PLOT_NODES, args);
  const figure = await import("./nodes.ts");
  return figure.plotNodes(X, yHat, model, options);
}

const PLOT_ACTIVATIONS =
  "plotActivations(x: tensor|iterable, functions: array, *, columns = 3, title?: string)";

interface ActivationsTypes extends ActivationsOptions {
  /** Where to evaluate them, shape [n] or [n, 1]. */
  readonly x: Values;
  /** Classes of modules (`nn.ReLU`), modules (`new nn.LeakyReLU(0.2)`) or functions of a tensor. */
  readonly functions: readonly (ActivationClass | Model)[];
}

/**
 * Draws activation functions side by side, each under its name and on its own y axis.
 *
 * @throws ShapeError when a function changes the number of values; ValueError for what is no function
 *
 * @example
 * ```ts
 * import { ReLU, Sigmoid } from "@flambeau/nn";
 * import { plotActivations } from "@flambeau/plot";
 *
 * const figure = await plotActivations([-1, 0, 1], [Sigmoid, ReLU]);
 * console.log(figure.svg.includes("ReLU"));
 * // true
 * ```
 */
export async function plotActivations(
  ...args: Args<typeof PLOT_ACTIVATIONS, ActivationsTypes>
): Promise<Figure> {
  const { x, functions, ...options } = bind<typeof PLOT_ACTIVATIONS, ActivationsTypes>(
    PLOT_ACTIVATIONS,
    args,
  );
  const figure = await import("./activations.ts");
  return figure.plotActivations(x, functions, options);
}

const PLOT_LINES =
  "plotLines(lines: tensor|iterable, x?: tensor|iterable, *, labels?: array, xLabel?: string, yLabel?: string, yScale: 'linear'|'log' = 'linear', xRange?: numbers, yRange?: numbers, title?: string)";

interface LinesTypes extends LinesOptions {
  /** One curve, shape [n], or several: an array of curves or a tensor [curves, n]. */
  readonly lines: Curves;
  /** Where their values stand; 0, 1, 2, ... when left out. */
  readonly x: Values | null;
}

/**
 * Draws curves over steps, as losses of training and validation. A value that is not finite is a gap.
 *
 * @throws ShapeError when x and a curve do not fit; ValueError for values that are no numbers, labels that are too many or too
 *   few, or a range that is none
 *
 * @example
 * ```ts
 * import { plotLines } from "@flambeau/plot";
 *
 * const losses = [[0.9, 0.5, 0.3], [1, 0.7, 0.6]];
 * const figure = await plotLines(losses, { labels: ["training", "validation"], yLabel: "loss" });
 * console.log(figure.svg.includes("validation"));
 * // true
 * ```
 */
export async function plotLines(...args: Args<typeof PLOT_LINES, LinesTypes>): Promise<Figure> {
  const { lines, x, ...options } = bind<typeof PLOT_LINES, LinesTypes>(PLOT_LINES, args);
  const figure = await import("./curves.ts");
  return figure.plotLines(lines, x ?? null, options);
}

const PLOT_HISTOGRAM =
  "plotHistogram(x: tensor|iterable, bins = 10, *, range?: numbers, density: bool = false, xLabel?: string, title?: string)";

interface HistogramTypes extends HistogramOptions {
  /** The values, of any shape. */
  readonly x: Values;
  /** How many bins of the same width there are. */
  readonly bins: number;
}

/**
 * Draws how many values lie in each of some bins of the same width. What is not finite is not counted.
 *
 * @throws ValueError for values that are no numbers, no number of bins, or a range that is none
 *
 * @example
 * ```ts
 * import { plotHistogram } from "@flambeau/plot";
 * import { tensor } from "@flambeau/tensor";
 *
 * const figure = await plotHistogram(tensor([[1, 2, 2], [3, 3, 3]]), 3);
 * console.log(figure.svg.includes("A histogram of 6 values in 3 bins"));
 * // true
 * ```
 */
export async function plotHistogram(...args: Args<typeof PLOT_HISTOGRAM, HistogramTypes>): Promise<Figure> {
  const { x, bins, ...options } = bind<typeof PLOT_HISTOGRAM, HistogramTypes>(PLOT_HISTOGRAM, args);
  const figure = await import("./histogram.ts");
  return figure.plotHistogram(x, bins, options);
}

const PLOT_IMAGES =
  "plotImages(images: tensor, *, columns = 8, labels?: array, range?: numbers, size?: number, title?: string)";

interface ImagesTypes extends ImagesOptions {
  /** Shape [height, width], [n, height, width] or [n, channels, height, width], with 1 or 3 channels. */
  readonly images: Tensor;
}

/**
 * Draws a grid of images, grey or in colour, from black at the low end of the range to white at the high end.
 *
 * @throws ShapeError when the shape is no images'; ValueError for labels that are too many or too few, or a range that is none
 *
 * @example
 * ```ts
 * import { plotImages } from "@flambeau/plot";
 * import { eye, stack } from "@flambeau/tensor";
 *
 * const figure = await plotImages(stack([eye(8), eye(8).flip([0])]), { labels: ["down", "up"] });
 * console.log(figure.svg.match(/<image /g)?.length);
 * // 2
 * ```
 */
export async function plotImages(...args: Args<typeof PLOT_IMAGES, ImagesTypes>): Promise<Figure> {
  const { images, ...options } = bind<typeof PLOT_IMAGES, ImagesTypes>(PLOT_IMAGES, args);
  const figure = await import("./images.ts");
  return figure.plotImages(images, options);
}

const PLOT_CONFUSION_MATRIX =
  "plotConfusionMatrix(matrix: tensor|iterable, labels?: array, *, title?: string)";

interface ConfusionMatrixTypes extends ConfusionMatrixOptions {
  /** Shape [classes, classes]: counts or shares, a row for each true class and a column for each predicted one. */
  readonly matrix: Values;
  /** The names of the classes; 0, 1, 2, ... when left out. */
  readonly labels: readonly unknown[] | null;
}

/**
 * Draws a confusion matrix, a row for each true class and a column for each predicted one, darker where it has more.
 *
 * @throws ShapeError when the matrix is not square; ValueError for values below 0, or names that are too many or too few
 *
 * @example
 * ```ts
 * import { plotConfusionMatrix } from "@flambeau/plot";
 *
 * const figure = await plotConfusionMatrix([[8, 1], [2, 9]], ["cat", "dog"]);
 * console.log(figure.svg.includes(">cat<"));
 * // true
 * ```
 */
export async function plotConfusionMatrix(
  ...args: Args<typeof PLOT_CONFUSION_MATRIX, ConfusionMatrixTypes>
): Promise<Figure> {
  const { matrix, labels, ...options } = bind<typeof PLOT_CONFUSION_MATRIX, ConfusionMatrixTypes>(
    PLOT_CONFUSION_MATRIX,
    args,
  );
  const figure = await import("./confusion-matrix.ts");
  return figure.plotConfusionMatrix(matrix, labels ?? null, options);
}
