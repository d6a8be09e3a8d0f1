/**
 * The parameters that callables of the library share. A name means the same wherever it stands, as in PyTorch: its
 * description is written once, here, and so is its kind where several signatures have it. A signature gives the kind of any other
 * parameter, and another one where it needs that, as in `value: tensor`.
 *
 * @module
 */
import type { Kinds } from "./kinds.ts";

/**
 * The names, each as a tuple of one labelled element, from which TypeScript takes the names that an editor shows.
 *
 * @internal
 */
export interface Labels {
  /** The tensor. */
  input: [input: "tensor"];
  /** The second tensor, or a number in its place. */
  other: [other: "operand"];
  /** The tensors, in an array. */
  tensors: [tensors: "tensors"];
  /** The dimension; negative ones count from the end. */
  dim: [dim: "int"];
  /** The dimensions. */
  dims: [dims: "ints"];
  /** Whether reduced dimensions stay, with size 1. */
  keepdim: [keepdim: "bool"];
  /** The dtype of the result. */
  dtype: [dtype: "dtype"];
  /** The device of the result. */
  device: [device: "string"];
  /** Whether operations on the result are recorded for differentiation. */
  requiresGrad: [requiresGrad: "bool"];
  /** Where random numbers come from. Default: the generator that `manualSeed` seeds. */
  generator: [generator: "generator"];
  /** The sizes of the dimensions. */
  size: [size: "ints"];
  /** The sizes of the dimensions. */
  shape: [shape: "ints"];
  /** The sizes of the new dimensions. */
  sizes: [sizes: "ints"];
  /** How many elements apart neighbours along each dimension lie. */
  stride: [stride: "ints"];
  /** Which element of the storage comes first. */
  storageOffset: [storageOffset: "int"];
  /** Whether positions are given as a vector for each dimension. */
  asTuple: [asTuple: "bool"];
  /** Positions: int64. */
  index: [index: "tensor"];
  /** Positions: int64. */
  indices: [indices: "tensor"];
  /** Which elements: bool. */
  mask: [mask: "tensor"];
  /** Which elements: bool. */
  condition: [condition: "tensor"];
  /** What is written. */
  src: [src: "tensor"];
  /** What is written. */
  source: [source: "tensor"];
  /** The number. */
  value: [value: "scalar"];
  /** What the second operand is multiplied by. */
  alpha: [alpha: "scalar"];
  /** What the first operand is multiplied by. */
  beta: [beta: "number"];
  /** The smallest result. */
  min: [min: "operand"];
  /** The largest result. */
  max: [max: "operand"];
  /** Where it ends. */
  end: [end: "operand"];
  /** Where it starts. */
  start: [start: "number"];
  /** The difference of neighbours. */
  step: [step: "number"];
  /** How many there are. */
  steps: [steps: "int"];
  /** What is raised to the powers. */
  base: [base: "number"];
  /** What the elements are. */
  fillValue: [fillValue: "scalar"];
  /** The weights. */
  weight: [weight: "tensor"];
  /** What is added. */
  bias: [bias: "tensor"];
  /** The power. */
  exponent: [exponent: "operand"];
  /** The first factor. */
  tensor1: [tensor1: "operand"];
  /** The second factor, or the divisor. */
  tensor2: [tensor2: "operand"];
  /** The first batch of matrices. */
  batch1: [batch1: "tensor"];
  /** The second batch of matrices. */
  batch2: [batch2: "tensor"];
  /** The first vector. */
  vec1: [vec1: "tensor"];
  /** How many weights a window has. */
  windowLength: [windowLength: "int"];
  /** Whether it is one period of a window that repeats, without the last weight, which would be the first again. */
  periodic: [periodic: "bool"];
  /** The first matrix. */
  mat1: [mat1: "tensor"];
  /** The second matrix. */
  mat2: [mat2: "tensor"];
  /** The vector. */
  vec: [vec: "tensor"];
  /** The second vector. */
  vec2: [vec2: "tensor"];
  /** The first rows. */
  x1: [x1: "tensor"];
  /** The second rows. */
  x2: [x2: "tensor"];
  /** The first tensor. */
  a: [a: "tensor"];
  /** The second tensor. */
  b: [b: "tensor"];
  /** The matrices. */
  A: [A: "tensor"];
  /** The right-hand sides. */
  B: [B: "tensor"];
  /** The Cholesky factor. */
  L: [L: "tensor"];
  /** L and U in one matrix. */
  LU: [LU: "tensor"];
  /** L and U in one matrix. */
  LU_data: [LU_data: "tensor"];
  /** With which row each was exchanged, counted from 1: int32. */
  LU_pivots: [LU_pivots: "tensor"];
  /** L and D in one matrix. */
  LD: [LD: "tensor"];
  /** With which row each was exchanged, counted from 1: int32. */
  pivots: [pivots: "tensor"];
  /** The scale of each reflection. */
  tau: [tau: "tensor"];
  /** Which triangle is read: "L", the lower one, or "U". */
  UPLO: [UPLO: "string"];
  /** Whether matrices of vectors are square, or have as many vectors as there are singular values. */
  fullMatrices: [fullMatrices: "bool"];
  /** Whether only the vectors that belong to singular values, or to rows of R that are not zero, are given. */
  some: [some: "bool"];
  /** Whether singular vectors are computed. */
  computeUv: [computeUv: "bool"];
  /** Whether rows are exchanged. */
  pivot: [pivot: "bool"];
  /** Whether `info` has the positions of zero pivots. */
  getInfos: [getInfos: "bool"];
  /** Whether L and U are made. */
  unpackData: [unpackData: "bool"];
  /** Whether P is made. */
  unpackPivots: [unpackPivots: "bool"];
  /** Whether the matrix stands on the left of what is looked for, or on the right. */
  left: [left: "bool"];
  /** Whether the transposed matrix is meant. */
  transpose: [transpose: "bool"];
  /** Whether the diagonal is taken for ones. */
  unitriangular: [unitriangular: "bool"];
  /** Whether the matrices are symmetric. */
  hermitian: [hermitian: "bool"];
  /** What counts as zero. */
  tol: [tol: "operand"];
  /** How many of the first dimensions belong to the rows. */
  ind: [ind: "int"];
  /** What norms are to be at most. */
  maxnorm: [maxnorm: "number"];
  /** Round the quotient down ("floor") or towards zero ("trunc"). */
  roundingMode: [roundingMode: "any"];
  /** How many digits after the point stay. */
  decimals: [decimals: "int"];
  /** A small number that keeps results finite. */
  eps: [eps: "number"];
  /** The difference allowed, as a part of the second operand. */
  rtol: [rtol: "number"];
  /** The difference allowed. */
  atol: [atol: "number"];
  /** Whether nan is close to nan. */
  equalNan: [equalNan: "bool"];
  /** The first dimension. */
  dim0: [dim0: "int"];
  /** The first dimension. */
  dim1: [dim1: "int"];
  /** The second dimension. */
  dim2: [dim2: "int"];
  /** The first dimension to join. */
  startDim: [startDim: "int"];
  /** The last dimension to join. */
  endDim: [endDim: "int"];
  /** Where the dimensions go. */
  destination: [destination: "int"];
  /** The size of each part, or the sizes of the parts. */
  splitSizeOrSections: [splitSizeOrSections: "int"];
  /** How many parts, or where one ends and the next begins: an array, or a tensor of int64. */
  indicesOrSections: [indicesOrSections: "int"];
  /** The sizes of the parts. */
  splitSizes: [splitSizes: "ints"];
  /** How many parts. */
  chunks: [chunks: "int"];
  /** How many elements. */
  length: [length: "int"];
  /** How often, along each dimension. */
  repeats: [repeats: "ints"];
  /** Which diagonal: above the main one if positive. */
  offset: [offset: "int"];
  /** Which diagonal: above the main one if positive. */
  diagonal: [diagonal: "int"];
  /** How far elements move. */
  shifts: [shifts: "int"];
  /** Which one, or how many. */
  k: [k: "int"];
  /** How many. */
  n: [n: "int"];
  /** How many columns. */
  m: [m: "int"];
  /** How many rows. */
  row: [row: "int"];
  /** How many columns. */
  col: [col: "int"];
  /** Whether the largest comes first. */
  descending: [descending: "bool"];
  /** Whether equal elements keep their order. */
  stable: [stable: "bool"];
  /** The largest ones, or the smallest. */
  largest: [largest: "bool"];
  /** Whether results are in order. */
  sorted: [sorted: "bool"];
  /** Also give the place of each element among the results. */
  returnInverse: [returnInverse: "bool"];
  /** Also give how often each result occurs. */
  returnCounts: [returnCounts: "bool"];
  /** Whether the sum of squares is divided by n - 1. */
  unbiased: [unbiased: "bool"];
  /** What is subtracted from the number of elements. */
  correction: [correction: "number"];
  /** How often each observation counts: integers. */
  fweights: [fweights: "tensor"];
  /** How much each observation counts. */
  aweights: [aweights: "tensor"];
  /** How much each element counts. */
  weights: [weights: "tensor"];
  /** How many results there are at least. */
  minlength: [minlength: "int"];
  /** The order of the norm, or the probability. */
  p: [p: "number"];
  /** The order of the norm. */
  ord: [ord: "any"];
  /** The parts of the elements that lie below, from 0 to 1. */
  q: [q: "any"];
  /** What lies between two elements. */
  interpolation: [interpolation: "any"];
  /** What comes before. */
  prepend: [prepend: "tensor"];
  /** What comes after. */
  append: [append: "tensor"];
  /** Whether the first vector runs along rows ("ij") or columns ("xy"). */
  indexing: [indexing: "any"];
  /** How what is written is joined with what is there. */
  reduce: [reduce: "any"];
  /** Whether what is there takes part. */
  includeSelf: [includeSelf: "bool"];
  /** Whether what is written is added to what is there. */
  accumulate: [accumulate: "bool"];
  /** How many intervals, or their edges. */
  bins: [bins: "int"];
  /** Where intervals start and end. */
  range: [range: "numbers"];
  /** Whether counts are divided by their sum and by the sizes of the intervals. */
  density: [density: "bool"];
  /** Whether equal elements lie before ("right") or behind ("left"). */
  side: [side: "any"];
  /** Whether the position is behind equal elements. */
  right: [right: "bool"];
  /** Whether positions are int32. */
  outInt32: [outInt32: "bool"];
  /** Ascending elements, in rows. */
  sortedSequence: [sortedSequence: "tensor"];
  /** Ascending boundaries. */
  boundaries: [boundaries: "tensor"];
  /** The elements to look for. */
  elements: [elements: "tensor"];
  /** The elements to look among. */
  testElements: [testElements: "tensor"];
  /** What nan becomes. */
  nan: [nan: "number"];
  /** What Infinity becomes. */
  posinf: [posinf: "number"];
  /** What -Infinity becomes. */
  neginf: [neginf: "number"];
  /** Singular values below this part of the largest are taken as zero. */
  rcond: [rcond: "number"];
  /** LAPACK's routine whose results these are. */
  driver: [driver: "any"];
  /** The smallest number drawn. */
  from: [from: "number"];
  /** The number below which they are drawn. */
  to: [to: "number"];
  /** The smallest number drawn. */
  low: [low: "int"];
  /** The number below which they are drawn. */
  high: [high: "int"];
  /** The mean. */
  mean: [mean: "number"];
  /** The standard deviation. */
  std: [std: "number"];
  /** The rate, or the threshold. */
  lambd: [lambd: "number"];
  /** The median. */
  median: [median: "number"];
  /** The half width at half height. */
  sigma: [sigma: "number"];
  /** How many to draw. */
  numSamples: [numSamples: "int"];
  /** Whether one can be drawn more than once. */
  replacement: [replacement: "bool"];
  /** The elements: numbers in nested arrays, a typed array, or a tensor. */
  data: [data: "any"];
  /** A typed array, whose memory the tensor uses. */
  array: [array: "any"];
  /** The number. */
  s: [s: "scalar"];
  /** Whether the result is a copy in any case. */
  copy: [copy: "bool"];
  /** Taken for PyTorch's sake; transfers are as they are. */
  nonBlocking: [nonBlocking: "bool"];
  /** The derivative of the result with respect to this tensor. */
  gradient: [gradient: "tensor"];
  /** Keep the graph for another `backward`. */
  retainGraph: [retainGraph: "bool"];
  /** Record the derivatives for derivatives of a higher order. */
  createGraph: [createGraph: "bool"];
  /** The tensors whose gradients are wanted. */
  inputs: [inputs: "any"];
  /** What the results should be. */
  target: [target: "tensor"];
  /** The tensor, which is written over. */
  tensor: [tensor: "tensor"];
  /** What becomes of the elements' losses: their mean, their sum, or none of it. */
  reduction: [reduction: "reduction"];
  /** Whether the result is written over the input. */
  inplace: [inplace: "bool"];
  /** Whether the module trains. */
  training: [training: "bool"];
  /** The slope below zero. */
  negativeSlope: [negativeSlope: "number"];
  /** "tanh" approximates the normal distribution function. */
  approximate: [approximate: "any"];
  /** The bound. */
  threshold: [threshold: "number"];
  /** The smallest result. */
  minVal: [minVal: "number"];
  /** The largest result. */
  maxVal: [maxVal: "number"];
  /** How much positive targets count. */
  posWeight: [posWeight: "tensor"];
  /** A label whose predictions count nothing. */
  ignoreIndex: [ignoreIndex: "int"];
  /** How much of each target is spread over all classes. */
  labelSmoothing: [labelSmoothing: "number"];
  /** The size of the window. */
  kernelSize: [kernelSize: "any"];
  /** How much is added on each side. */
  padding: [padding: "any"];
  /** How far apart the window's elements lie. */
  dilation: [dilation: "any"];
  /** How many more elements the result has at its end. */
  outputPadding: [outputPadding: "any"];
  /** In how many groups channels are connected. */
  groups: [groups: "int"];
  /** Whether a window may begin within the plane and end outside. */
  ceilMode: [ceilMode: "bool"];
  /** Whether padding counts in the mean. */
  countIncludePad: [countIncludePad: "bool"];
  /** What sums are divided by. */
  divisorOverride: [divisorOverride: "int"];
  /** Also give where the largest elements were. */
  returnIndices: [returnIndices: "bool"];
  /** The size of the result. */
  outputSize: [outputSize: "any"];
  /** How many times as high and wide the result is. */
  upscaleFactor: [upscaleFactor: "int"];
  /** How many times as high and wide the input is. */
  downscaleFactor: [downscaleFactor: "int"];
  /** How many times as large the result is, for all dimensions or one each. */
  scaleFactor: [scaleFactor: "any"];
  /** Whether the elements at the corners, and not the outer edges, stay where they are. */
  alignCorners: [alignCorners: "bool"];
  /** Whether the factors that follow from the rounded sizes are taken. */
  recomputeScaleFactor: [recomputeScaleFactor: "bool"];
  /** Whether nothing is passed over where the result is smaller. */
  antialias: [antialias: "bool"];
  /** The places: x and y from -1 to 1. */
  grid: [grid: "tensor"];
  /** The affine maps. */
  theta: [theta: "tensor"];
  /** Where the bags begin. */
  offsets: [offsets: "tensor"];
  /** What the rows are multiplied by. */
  perSampleWeights: [perSampleWeights: "tensor"];
  /** Whether the last offset is the number of indices. */
  includeLastOffset: [includeLastOffset: "bool"];
  /** Taken for PyTorch's sake: gradients are not sparse. */
  sparse: [sparse: "bool"];
  /** The rows to begin with. */
  _weight: [_weight: "tensor"];
  /** The part of each column that is zero. */
  sparsity: [sparsity: "number"];
  /** The least slope. */
  lower: [lower: "number"];
  /** The largest slope. */
  upper: [upper: "number"];
  /** The last size of the first input. */
  in1Features: [in1Features: "int"];
  /** The last size of the second input. */
  in2Features: [in2Features: "int"];
  /** A row that stays as it is. */
  paddingIdx: [paddingIdx: "int"];
  /** The largest norm of a row; longer ones are shortened. */
  maxNorm: [maxNorm: "number"];
  /** The order of the norm. */
  normType: [normType: "number"];
  /** Whether gradients are divided by how often a row was used. */
  scaleGradByFreq: [scaleGradByFreq: "bool"];
  /** How many classes there are; -1 is one more than the largest label. */
  numClasses: [numClasses: "int"];
  /** Whether targets are logarithms. */
  logTarget: [logTarget: "bool"];
  /** Whether inputs are logarithms. */
  logInput: [logInput: "bool"];
  /** Whether the constant part of the loss is added. */
  full: [full: "bool"];
  /** The variances. */
  var: ["tensor"];
  /** The points. */
  anchor: [anchor: "tensor"];
  /** Points that should be near. */
  positive: [positive: "tensor"];
  /** Points that should be far. */
  negative: [negative: "tensor"];
  /** The distance wanted. */
  margin: [margin: "number"];
  /** The distance of two tensors of points. */
  distanceFunction: [distanceFunction: "function"];
  /** Logarithms of probabilities: steps, batch, classes. */
  logProbs: [logProbs: "tensor"];
  /** The labels of each sequence. */
  targets: [targets: "tensor"];
  /** How many steps each input has. */
  inputLengths: [inputLengths: "ints"];
  /** How many labels each target has. */
  targetLengths: [targetLengths: "ints"];
  /** The class that stands for no label. */
  blank: [blank: "int"];
  /** Whether losses that are infinite count as zero. */
  zeroInfinity: [zeroInfinity: "bool"];
  /** Whether the nearer of two pairs counts. */
  swap: [swap: "bool"];
  /** The first input. */
  input1: [input1: "tensor"];
  /** The second input. */
  input2: [input2: "tensor"];
  /** The mean so far. */
  runningMean: [runningMean: "tensor"];
  /** The variance so far. */
  runningVar: [runningVar: "tensor"];
  /** How much of the new goes into the running statistics. */
  momentum: [momentum: "number"];
  /** The last sizes, over which statistics are taken. */
  normalizedShape: [normalizedShape: "any"];
  /** How many groups of channels. */
  numGroups: [numGroups: "int"];
  /** Whether statistics are those of the input. */
  useInputStats: [useInputStats: "bool"];
  /** How much is added before and behind each dimension, the last one first. */
  pad: [pad: "ints"];
  /** How, in words. */
  mode: [mode: "any"];
  /** The number. */
  val: [val: "number"];
  /** What the bound is multiplied by. */
  gain: [gain: "number"];
  /** The activation that follows. */
  nonlinearity: [nonlinearity: "any"];
  /** The activation's parameter. */
  param: [param: "number"];
  /** The last size of the input. */
  inFeatures: [inFeatures: "int"];
  /** The last size of the result. */
  outFeatures: [outFeatures: "int"];
  /** The channels of the input. */
  inChannels: [inChannels: "int"];
  /** The channels of the result. */
  outChannels: [outChannels: "int"];
  /** What is added. */
  paddingMode: [paddingMode: "any"];
  /** The channels of the input. */
  numFeatures: [numFeatures: "int"];
  /** The channels of the input. */
  numChannels: [numChannels: "int"];
  /** Whether to learn a weight and a bias. */
  affine: [affine: "bool"];
  /** Whether to learn a weight and a bias. */
  elementwiseAffine: [elementwiseAffine: "bool"];
  /** Whether to keep running statistics. */
  trackRunningStats: [trackRunningStats: "bool"];
  /** What is looked for: `[..., L, E]`. */
  query: [query: "tensor"];
  /** What is compared with the queries: `[..., S, E]`. */
  key: [key: "tensor"];
  /** Which keys a query attends to: bool, or what is added to the scores. */
  attnMask: [attnMask: "tensor"];
  /** The probability that a weight is zeroed. */
  dropoutP: [dropoutP: "number"];
  /** Whether a query attends to the keys up to its own position alone. */
  isCausal: [isCausal: "bool"];
  /** Whether several heads of the query share one of key and value. */
  enableGqa: [enableGqa: "bool"];
  /** The size of queries and results. */
  embedDim: [embedDim: "int"];
  /** How many heads there are. */
  numHeads: [numHeads: "int"];
  /** Whether one learned key and value are added. */
  addBiasKv: [addBiasKv: "bool"];
  /** Whether one key and value of zeros are added. */
  addZeroAttn: [addZeroAttn: "bool"];
  /** The last size of keys. */
  kdim: [kdim: "int"];
  /** The last size of values. */
  vdim: [vdim: "int"];
  /** Which keys of a sequence are left out. */
  keyPaddingMask: [keyPaddingMask: "tensor"];
  /** Whether the weights are returned. */
  needWeights: [needWeights: "bool"];
  /** Whether the weights of heads are averaged. */
  averageAttnWeights: [averageAttnWeights: "bool"];
  /** The size of the model. */
  dModel: [dModel: "int"];
  /** How many heads there are. */
  nhead: [nhead: "int"];
  /** The size between the two linear layers. */
  dimFeedforward: [dimFeedforward: "int"];
  /** What is between the two linear layers. */
  activation: [activation: "any"];
  /** Added to variances. */
  layerNormEps: [layerNormEps: "number"];
  /** Whether what a part takes is normalized, not what it adds to. */
  normFirst: [normFirst: "bool"];
  /** The layer that is copied. */
  encoderLayer: [encoderLayer: "module"];
  /** The layer that is copied. */
  decoderLayer: [decoderLayer: "module"];
  /** What comes after the last layer. */
  norm: [norm: "module"];
  /** How many layers the encoder has. */
  numEncoderLayers: [numEncoderLayers: "int"];
  /** How many layers the decoder has. */
  numDecoderLayers: [numDecoderLayers: "int"];
  /** In place of the encoder. */
  customEncoder: [customEncoder: "module"];
  /** In place of the decoder. */
  customDecoder: [customDecoder: "module"];
  /** Which positions of the source each does not attend to. */
  srcMask: [srcMask: "tensor"];
  /** Which positions of a source are padding. */
  srcKeyPaddingMask: [srcKeyPaddingMask: "tensor"];
  /** The target. */
  tgt: [tgt: "tensor"];
  /** The output of the encoder. */
  memory: [memory: "tensor"];
  /** Which positions of the target each does not attend to. */
  tgtMask: [tgtMask: "tensor"];
  /** Which positions of the memory each does not attend to. */
  memoryMask: [memoryMask: "tensor"];
  /** Which positions of a target are padding. */
  tgtKeyPaddingMask: [tgtKeyPaddingMask: "tensor"];
  /** Which positions of a memory are padding. */
  memoryKeyPaddingMask: [memoryKeyPaddingMask: "tensor"];
  /** That `srcMask` is causal. */
  srcIsCausal: [srcIsCausal: "bool"];
  /** That `tgtMask` is causal. */
  tgtIsCausal: [tgtIsCausal: "bool"];
  /** That `memoryMask` is causal. */
  memoryIsCausal: [memoryIsCausal: "bool"];
  /** How many positions there are. */
  sz: [sz: "int"];
  /** The last size of the input. */
  inputSize: [inputSize: "int"];
  /** The size of the state. */
  hiddenSize: [hiddenSize: "int"];
  /** How many layers there are. */
  numLayers: [numLayers: "int"];
  /** Whether the first dimension is the batch, not the time step. */
  batchFirst: [batchFirst: "bool"];
  /** The probability that an element is zeroed between layers, in training mode. */
  dropout: [dropout: "number"];
  /** Whether there is a second layer that runs from the end to the beginning. */
  bidirectional: [bidirectional: "bool"];
  /** The size that outputs are projected to; 0 for none. */
  projSize: [projSize: "int"];
  /** How many sequences have an item at each time step. */
  batchSizes: [batchSizes: "ints"];
  /** Which of the given sequences each one is: int64. */
  sortedIndices: [sortedIndices: "tensor"];
  /** Where each of the given sequences is: int64. */
  unsortedIndices: [unsortedIndices: "tensor"];
  /** Whether the lengths have to fall. */
  enforceSorted: [enforceSorted: "bool"];
  /** What fills sequences up. */
  paddingValue: [paddingValue: "number"];
  /** The side that is filled up. */
  paddingSide: [paddingSide: "string"];
  /** The length to fill sequences up to. Default: that of the longest. */
  totalLength: [totalLength: "int"];
  /** The packed sequence. */
  sequence: [sequence: "object"];
  /** The sequences. */
  sequences: [sequences: "tensors"];
  /** The padded batch. */
  paddedSequences: [paddedSequences: "tensor"];
  /** The packed sequences. */
  packedSequences: [packedSequences: "object"];
  /** Each number from 0 to n - 1, in any order. */
  permutation: [permutation: "tensor"];
  /** How many rows. */
  numEmbeddings: [numEmbeddings: "int"];
  /** The size of a row. */
  embeddingDim: [embeddingDim: "int"];
  /** How many slopes: one, or one a channel. */
  numParameters: [numParameters: "int"];
  /** The slopes at first. */
  init: [init: "number"];
  /** The sizes of the new dimensions. */
  unflattenedSize: [unflattenedSize: "ints"];

  // Training: optimizers, schedules, data, derivatives.
  /** The parameters, or groups of them. */
  params: [params: "parameters"];
  /** The learning rate. */
  lr: [lr: "number"];
  /** How much of the gradient does not enter the momentum. */
  dampening: [dampening: "number"];
  /** The L2 penalty: this much of the parameter is added to its gradient. */
  weightDecay: [weightDecay: "number"];
  /** Nesterov's momentum, which looks one step ahead. */
  nesterov: [nesterov: "bool"];
  /** Climb instead of descend. */
  maximize: [maximize: "bool"];
  /** How slowly the running averages of the gradient and of its square change. */
  betas: [betas: "numbers"];
  /** Divide by the largest average square so far. */
  amsgrad: [amsgrad: "bool"];
  /** Divide by the standard deviation of the gradient instead of its root mean square. */
  centered: [centered: "bool"];
  /** The learning rate of step t is divided by `1 + (t - 1) * lrDecay`. */
  lrDecay: [lrDecay: "number"];
  /** What the sums of squares start from. */
  initialAccumulatorValue: [initialAccumulatorValue: "number"];
  /** How slowly the averages of squares change. */
  rho: [rho: "number"];
  /** How fast the momentum grows to the first beta. */
  momentumDecay: [momentumDecay: "number"];
  /** Whether weights decay by themselves instead of by an addend to the gradient. */
  decoupledWeightDecay: [decoupledWeightDecay: "bool"];
  /** What a step size is multiplied by where a gradient changes its sign, and where it keeps it. */
  etas: [etas: "numbers"];
  /** The smallest and the largest step size. */
  stepSizes: [stepSizes: "numbers"];
  /** How many iterations a step has at most. */
  maxIter: [maxIter: "int"];
  /** How many times a step calls the closure at most. */
  maxEval: [maxEval: "int"];
  /** The largest element of a gradient that counts as zero. */
  toleranceGrad: [toleranceGrad: "number"];
  /** The change of the loss or of the parameters that counts as none. */
  toleranceChange: [toleranceChange: "number"];
  /** How many steps are kept. */
  historySize: [historySize: "int"];
  /** How the length of a step is chosen. */
  lineSearchFn: [lineSearchFn: "string"];
  /** The power with which new squares count less from step to step. */
  beta2Decay: [beta2Decay: "number"];
  /** The root mean square that an update is clipped to. */
  d: [d: "number"];
  /** The coefficients of the polynomial that brings singular values to 1. */
  nsCoefficients: [nsCoefficients: "numbers"];
  /** How often the polynomial is applied. */
  nsSteps: [nsSteps: "int"];
  /** How the learning rate follows from a matrix's shape. */
  adjustLrFn: [adjustLrFn: "string"];
  /** The optimizer whose learning rates are set. */
  optimizer: [optimizer: "optimizer"];
  /** The epoch to go on from; -1 starts anew. */
  lastEpoch: [lastEpoch: "int"];
  /** After how many epochs the learning rate changes. */
  stepSize: [stepSize: "int"];
  /** What the learning rate is multiplied by. */
  gamma: [gamma: "number"];
  /** The epochs at which something changes, in order. */
  milestones: [milestones: "ints"];
  /** What the learning rate is multiplied by, or the radius of the inner circle. */
  factor: [factor: "number"];
  /** What the learning rate is multiplied by at first. */
  startFactor: [startFactor: "number"];
  /** What the learning rate is multiplied by in the end. */
  endFactor: [endFactor: "number"];
  /** How many epochs it takes. */
  totalIters: [totalIters: "int"];
  /** The exponent. */
  power: [power: "number"];
  /** How many epochs it takes from the largest to the smallest learning rate. */
  tMax: [tMax: "int"];
  /** The smallest learning rate. */
  etaMin: [etaMin: "number"];
  /** How many epochs the first stretch has. */
  t0: [t0: "int"];
  /** How many times as long each stretch is as the one before. */
  tMult: [tMult: "int"];
  /** The factor as a function of the epoch, for all groups or one each. */
  lrLambda: [lrLambda: "function"];
  /** The largest learning rate, for all groups or one each. */
  maxLr: [maxLr: "number"];
  /** The smallest learning rate, for all groups or one each. */
  baseLr: [baseLr: "number"];
  /** How many steps it takes up. */
  stepSizeUp: [stepSizeUp: "number"];
  /** How many steps it takes down; as many as up if not given. */
  stepSizeDown: [stepSizeDown: "number"];
  /** The factor of a cycle's height as a function of the cycle's or the step's number. */
  scaleFn: [scaleFn: "function"];
  /** Whether `scaleFn` takes the number of the cycle or that of the step. */
  scaleMode: [scaleMode: "string"];
  /** The learning rate to end at, for all groups or one each. */
  swaLr: [swaLr: "number"];
  /** How many epochs it takes. */
  annealEpochs: [annealEpochs: "int"];
  /** How many steps the cycle has. */
  totalSteps: [totalSteps: "int"];
  /** How many epochs the cycle has. */
  epochs: [epochs: "int"];
  /** How many steps an epoch has. */
  stepsPerEpoch: [stepsPerEpoch: "int"];
  /** The part of the steps in which the learning rate rises. */
  pctStart: [pctStart: "number"];
  /** Along half a cosine ("cos") or a line ("linear"). */
  annealStrategy: [annealStrategy: "string"];
  /** Let the momentum (the first beta of Adam) fall while the learning rate rises. */
  cycleMomentum: [cycleMomentum: "bool"];
  /** The smallest momentum, for all groups or one each. */
  baseMomentum: [baseMomentum: "number"];
  /** The largest momentum, for all groups or one each. */
  maxMomentum: [maxMomentum: "number"];
  /** The learning rate starts at `maxLr / divFactor`. */
  divFactor: [divFactor: "number"];
  /** It ends at the one it started at over this. */
  finalDivFactor: [finalDivFactor: "number"];
  /** Go down to where it started in as many steps as it rose, then further. */
  threePhase: [threePhase: "bool"];
  /** The schedulers, in order. */
  schedulers: [schedulers: "array"];
  /** How many epochs without progress to wait. */
  patience: [patience: "number"];
  /** Whether the threshold is a part of the best metric ("rel") or a difference from it ("abs"). */
  thresholdMode: [thresholdMode: "string"];
  /** How many epochs to wait after a reduction before counting again. */
  cooldown: [cooldown: "number"];
  /** The smallest learning rate, for all groups or one each. */
  minLr: [minLr: "number"];
  /** The parameters, or the only one. */
  parameters: [parameters: "parameters"];
  /** Throw when the norm is nan or infinite, before anything is scaled; reads the norm back. */
  errorIfNonfinite: [errorIfNonfinite: "bool"];
  /** The largest size of an element. */
  clipValue: [clipValue: "number"];
  /** Drop the gradients (`grad` is null then) instead of writing zeros over them. */
  setToNone: [setToNone: "bool"];
  /** The data set, or an array of items. */
  dataset: [dataset: "dataset"];
  /** The data sets, in their order. */
  datasets: [datasets: "array"];
  /** What is gone through: something with a length. */
  dataSource: [dataSource: "sized"];
  /** How many items a batch has. */
  batchSize: [batchSize: "int"];
  /** Whether to take the items in random order. */
  shuffle: [shuffle: "bool"];
  /** The indices, in order. */
  sampler: [sampler: "iterable"];
  /** The batches, as arrays of indices. */
  batchSampler: [batchSampler: "iterable"];
  /** Makes a batch of items. */
  collateFn: [collateFn: "function"];
  /** Leave out a last batch that is not full. */
  dropLast: [dropLast: "bool"];
  /** The items of a batch. */
  batch: [batch: "array"];
  /** How many items each part has, or fractions that sum to 1. */
  lengths: [lengths: "numbers"];
  /** The number of samples, or that of each class. */
  nSamples: [nSamples: "int"];
  /** The number of features. */
  nFeatures: [nFeatures: "int"];
  /** The mean. */
  loc: [loc: "number"];
  /** The standard deviation. */
  scale: [scale: "number"];
  /** Whether an element may be taken more than once. */
  replace: [replace: "bool"];
  /** The samples, or the first feature. */
  X: [X: "any"];
  /** The targets, or the classes. */
  y: [y: "any"];
  /** The predictions. */
  yHat: [yHat: "any"];
  /** The functions. */
  functions: [functions: "array"];
  /** The model. */
  model: [model: "module"];
  /** One input's shape without the batch, several shapes, a tensor, or several tensors. */
  inputData: [inputData: "any"];
  /** The tensors that are differentiated. */
  outputs: [outputs: "any"];
  /** The gradient with respect to each output; scalars take 1. */
  gradOutputs: [gradOutputs: "any"];
  /** Give null for inputs that the outputs do not depend on, instead of an error. */
  allowUnused: [allowUnused: "bool"];
  /** Give zeros for inputs that the outputs do not depend on. */
  materializeGrads: [materializeGrads: "bool"];
  /** The function under test. */
  func: [func: "function"];
  /** Throw when the check fails instead of giving false. */
  raiseException: [raiseException: "bool"];
  /** What runs. */
  body: [body: "function"];

  // Modules and optimizers.
  /** The name. */
  name: [name: "string"];
  /** A state, as `stateDict()` gives it. */
  stateDict: [stateDict: "object"];
  /** Refuse what is missing or has no place. */
  strict: [strict: "bool"];
  /** Parameters, as `params`, with options of their own. */
  paramGroup: [paramGroup: "object"];
  /** The part of the average that stays at a step. */
  decay: [decay: "number"];
  /** Replace all that share a tensor. */
  tieWeights: [tieWeights: "bool"];
  /** Steps of the power method for each call in training. */
  nPowerIterations: [nPowerIterations: "int"];
  /** The number of parts. */
  segments: [segments: "int"];
  /** Draw the same random numbers again. */
  preserveRngState: [preserveRngState: "bool"];

  // Distributions.
  /** One over the mean, or over the scale. */
  rate: [rate: "operand"];
  /** The shape parameter. */
  concentration: [concentration: "operand"];
  /** The parameter of 1. */
  concentration1: [concentration1: "operand"];
  /** The parameter of 0. */
  concentration0: [concentration0: "operand"];
  /** The probabilities. */
  probs: [probs: "operand"];
  /** The log-odds, or the logarithms of the probabilities. */
  logits: [logits: "operand"];
  /** How many trials there are. */
  totalCount: [totalCount: "operand"];
  /** The degrees of freedom. */
  df: [df: "operand"];
  /** The degrees of freedom of the numerator. */
  df1: [df1: "operand"];
  /** The degrees of freedom of the denominator. */
  df2: [df2: "operand"];
  /** The lower, the nearer are samples to those of the discrete distribution. */
  temperature: [temperature: "operand"];
  /** Between these a Taylor series is taken. */
  lims: [lims: "numbers"];
  /** The covariance. */
  covarianceMatrix: [covarianceMatrix: "tensor"];
  /** The inverse of the covariance. */
  precisionMatrix: [precisionMatrix: "tensor"];
  /** The lower triangular factor of the covariance. */
  scaleTril: [scaleTril: "tensor"];
  /** The factor of the covariance, of few columns. */
  covFactor: [covFactor: "tensor"];
  /** What is added to the variances. */
  covDiag: [covDiag: "tensor"];
  /** Whether parameters and values are checked. */
  validateArgs: [validateArgs: "bool"];
  /** The shape of the batch of samples. */
  sampleShape: [sampleShape: "ints"];
  /** Whether values are expanded to the batch. */
  expand: [expand: "bool"];
  /** The shape of the batch of distributions. */
  batchShape: [batchShape: "ints"];
  /** The distribution that it is made of. */
  baseDistribution: [baseDistribution: "any"];
  /** How many dimensions of the batch are joined to one event. */
  reinterpretedBatchNdims: [reinterpretedBatchNdims: "int"];
  /** Which component a sample is of. */
  mixtureDistribution: [mixtureDistribution: "any"];
  /** The components, along the last dimension of their batch. */
  componentDistribution: [componentDistribution: "any"];
  /** What is applied to samples, in this order. */
  transforms: [transforms: "any"];
  /** The transforms, in the order in which they are applied. */
  parts: [parts: "any"];
  /** The transforms of the parts. */
  tseq: [tseq: "any"];
  /** The transform of each event. */
  baseTransform: [baseTransform: "any"];
  /** The distribution. */
  distribution: [distribution: "any"];
  /** How many of the last dimensions are one event. */
  eventDim: [eventDim: "int"];
  /** How many pairs of an argument and its result are kept: 0 or 1. */
  cacheSize: [cacheSize: "int"];
  /** The shape of an argument's events. */
  inShape: [inShape: "ints"];
  /** The shape of a result's events. */
  outShape: [outShape: "ints"];
  /** How many trials there are. */
  count: [count: "tensor"];
  /** The probability of success. */
  prob: [prob: "tensor"];
  /** The class of the first distribution. */
  typeP: [typeP: "any"];
  /** The class of the second distribution. */
  typeQ: [typeQ: "any"];
  /** Keep the shapes of the operands. */
  recordShapes: [recordShapes: "bool"];
  /** Have the calls of modules among the events. */
  withModules: [withModules: "bool"];
  /** Gives the time in milliseconds. Default: a clock of the runtime that never goes back. */
  clock: [clock: "function"];
  /** The column by which rows are sorted, the largest first. */
  sortBy: [sortBy: "string"];
  /** How many rows there are at most. */
  rowLimit: [rowLimit: "int"];
  /** Average ops of other input shapes apart. */
  groupByInputShape: [groupByInputShape: "bool"];
}

/** The kinds of names that several signatures share and leave to the name. Pages download these; other signatures say theirs. */
const kinds = {
  input: "tensor",
  other: "operand",
  tensors: "tensors",
  dim: "int",
  dims: "ints",
  dtype: "dtype",
  device: "string",
  generator: "generator",
  size: "ints",
  shape: "ints",
  index: "tensor",
  mask: "tensor",
  src: "tensor",
  source: "tensor",
  value: "scalar",
  start: "number",
  weight: "tensor",
  bias: "tensor",
  mat2: "tensor",
  x1: "tensor",
  x2: "tensor",
  A: "tensor",
  n: "int",
  p: "number",
  numSamples: "int",
  target: "tensor",
  tensor: "tensor",
  reduction: "reduction",
  maxNorm: "number",
  numFeatures: "int",
  params: "parameters",
  betas: "numbers",
  optimizer: "optimizer",
  dataset: "dataset",
  allowUnused: "bool",
  func: "function",
  body: "function",
} as const;

/**
 * The kinds that signatures leave to the name.
 *
 * @internal
 */
export type SharedKinds = typeof kinds;

/**
 * The kind that a name has where a signature gives none.
 *
 * @internal
 */
export const kindOf: { readonly [name: string]: keyof Kinds | undefined } = kinds satisfies {
  readonly [N in keyof Labels]?: Labels[N][0];
};
