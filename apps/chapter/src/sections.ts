import type { Notebook } from "./notebook.ts";
import { tensors } from "./s2-tensors.ts";
import { leastSquares } from "./s3-1-least-squares.ts";
import { simpleRegression } from "./s3-2-linear-regression.ts";
import { multipleRegression } from "./s3-3-multiple-regression.ts";
import { nonlinearRegression } from "./s3-4-nonlinear-regression.ts";
import { deepLearning } from "./s3-5-deep-regression.ts";
import { activations } from "./s4-activations.ts";
import { binaryClassification } from "./s5-1-binary.ts";
import { multiclassClassification } from "./s5-2-multiclass.ts";

/** The chapter's sections in order. */
export const sections: readonly ((notebook: Notebook) => Promise<void>)[] = [
  tensors,
  leastSquares,
  simpleRegression,
  multipleRegression,
  nonlinearRegression,
  deepLearning,
  activations,
  binaryClassification,
  multiclassClassification,
];
