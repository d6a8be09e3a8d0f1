export { AffineTransform, PowerTransform } from "./affine.ts";
export { ComposeTransform, identityTransform } from "./compose.ts";
export { CorrCholeskyTransform } from "./corr-cholesky.ts";
export { CumulativeDistributionTransform, type CumulativeTypes } from "./cumulative.ts";
export {
  AbsTransform,
  ExpTransform,
  SigmoidTransform,
  SoftplusTransform,
  TanhTransform,
} from "./elementwise.ts";
export { IndependentTransform } from "./independent.ts";
export { CatTransform, StackTransform } from "./parts.ts";
export type { TransformTypes } from "./parts-of.ts";
export { ReshapeTransform } from "./reshape.ts";
export { type Sign, Transform } from "./transform.ts";
export { LowerCholeskyTransform, SoftmaxTransform, StickBreakingTransform } from "./vectors.ts";
