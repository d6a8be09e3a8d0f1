/**
 * Flambeau in one import: tensors and their gradients by name, everything else in PyTorch's namespaces.
 *
 * @module
 */
export {
  AutogradFunction,
  enableGrad,
  type FunctionContext,
  type FunctionGradients,
  GradModeGuard,
  grad,
  gradcheck,
  gradgradcheck,
  hessian,
  hvp,
  inferenceMode,
  isGradEnabled,
  jacfwd,
  jacrev,
  jvp,
  noGrad,
  type Pullback,
  setGradEnabled,
  vjp,
} from "@flambeau/autograd";
export {
  ArgumentError,
  AutogradError,
  DeviceError,
  type DType,
  DTypeError,
  FlambeauError,
  IndexError,
  type NumberArray,
  type Shape,
  ShapeError,
  setWarningHandler,
  type TypedArray,
  ValueError,
  type WarningHandler,
} from "@flambeau/backend";
export * as data from "@flambeau/data";
export * as datasets from "@flambeau/datasets";
export * as nn from "@flambeau/nn";
export { deepcopy, functional as F } from "@flambeau/nn";
export * as optim from "@flambeau/optim";
export * as plot from "@flambeau/plot";
export * from "@flambeau/serialization";
export * from "@flambeau/summary";
export * as webgpu from "@flambeau/webgpu-backend";
export * from "./ops.ts";
export * from "./tensors.ts";
