/**
 * Flambeau in one import: tensors and their gradients by name, everything else in PyTorch's namespaces.
 *
 * @module
 */
export {
  AutogradFunction,
  type CheckpointOptions,
  checkpoint,
  detectAnomaly,
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
  isAnomalyEnabled,
  isGradEnabled,
  jacfwd,
  jacrev,
  jvp,
  noGrad,
  type Pullback,
  setDetectAnomaly,
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
  LinAlgError,
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
export * as distributions from "@flambeau/distributions";
export {
  type Categories,
  type Checkpointed,
  CheckpointKeeper,
  type CheckpointParts,
  type CsvOptions,
  type CsvTable,
  DownloadError,
  type DownloadTarget,
  download,
  FileError,
  type Format,
  type KeptCheckpoint,
  type LoadOptions,
  type LoadSource,
  load,
  loadCheckpoint,
  type Progress,
  parseCsv,
  type ReadCsvOptions,
  type RemoteOptions,
  readCsv,
  type SaveTarget,
  save,
  saveCheckpoint,
  type Watching,
} from "@flambeau/files";
export * as linalg from "@flambeau/linalg";
export {
  chainMatmul,
  choleskyInverse,
  choleskySolve,
  det,
  dist,
  geqrf,
  householderProduct as orgqr,
  inv as inverse,
  logdet,
  luUnpack,
  matrixExp,
  matrixPower,
  ormqr,
  pinverse,
  renorm,
  slogdet,
  triangularSolve,
} from "@flambeau/linalg";
export * as masked from "@flambeau/masked";
export * as metrics from "@flambeau/metrics";
export * as nn from "@flambeau/nn";
export { deepcopy, functional as F } from "@flambeau/nn";
export * from "@flambeau/ops";
export * as optim from "@flambeau/optim";
export * as plot from "@flambeau/plot";
export { type Loop, ProgressBar, type ProgressOptions, progress } from "@flambeau/progress";
export {
  FormatError,
  type GgufFile,
  type GgufValue,
  loadGguf,
  loadNpz,
  loadPt,
  loadSafetensors,
  openGguf,
  openSharded,
  type Placement,
  type RangeSource,
  type ShardedFile,
  type ShardIndex,
  safeOpen,
  saveNpz,
  savePt,
  saveSafetensors,
  type TensorFile,
  type TensorInfo,
  UnpicklingError,
} from "@flambeau/serialization";
export * as special from "@flambeau/special";
export {
  digamma,
  gammainc as igamma,
  gammaincc as igammac,
  gammaln as lgamma,
  i0,
  multigammaln as mvlgamma,
  polygamma,
  sinc,
} from "@flambeau/special";
export * from "@flambeau/summary";
export * as webgpu from "@flambeau/webgpu-backend";
export * from "./activations.ts";
export * from "./decompositions.ts";
export * from "./forms.ts";
export * from "./in-place.ts";
export * from "./low-rank.ts";
export * from "./ops.ts";
export * from "./tensors.ts";
