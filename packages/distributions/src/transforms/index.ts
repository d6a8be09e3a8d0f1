export { AffineTransform, PowerTransform } from "./affine.ts";
export {
  CatTransform,
  ComposeTransform,
  IndependentTransform,
  identityTransform,
  ReshapeTransform,
  StackTransform,
  type TransformTypes,
} from "./composed.ts";
export { CorrCholeskyTransform } from "./corr-cholesky.ts";
export { CumulativeDistributionTransform, type CumulativeTypes } from "./cumulative.ts";
export {
  AbsTransform,
  ExpTransform,
  SigmoidTransform,
  SoftplusTransform,
  TanhTransform,
} from "./elementwise.ts";
export { type Sign, Transform } from "./transform.ts";
export { LowerCholeskyTransform, SoftmaxTransform, StickBreakingTransform } from "./vectors.ts";
