import { type DType, quote, ShapeError, ValueError, warn } from "@flambeau/backend";
import { cat, empty, named, stack, type Tensor, zeros } from "@flambeau/tensor";
import { dropout } from "../functional/dropout.ts";
import { uniform_ } from "../init/index.ts";
import { nameOf } from "../module/location.ts";
import { inSnakeCase } from "../module/members.ts";
import { Module } from "../module/module.ts";
import { boolText, numberText } from "../module/text.ts";
import { Parameter } from "../parameter.ts";
import { PackedSequence } from "../utils/packed-sequence.ts";
import { gatesOf, type Mode, runPacked, runPadded, type State, type Weights } from "./direction.ts";

/** The fields of the parameters; those of a subclass keep their names. */
const OWN = /^(weight|bias)(Ih|Hh|Hr)L\d+(Reverse)?$/;

/** Options of recurrent layers. */
export interface RecurrentOptions {
  /** How many layers there are, each of which takes the outputs of the one before. Default 1. */
  readonly numLayers?: number;
  /** Add learned vectors. Default true. */
  readonly bias?: boolean;
  /** Whether inputs and outputs are `[batch, length, size]` instead of `[length, batch, size]`. Default false. */
  readonly batchFirst?: boolean;
  /** The probability that an output of a layer is zeroed before the next one takes it, in training mode. Default 0. */
  readonly dropout?: number;
  /** Whether a second layer runs from the end to the beginning, whose outputs follow those of the first. Default false. */
  readonly bidirectional?: boolean;
  /** The dtype of the parameters. Default: the default dtype. */
  readonly dtype?: DType;
  /** Where the parameters are. Default "cpu". */
  readonly device?: string;
}

/** The arguments of a recurrent layer, bound. */
export interface RecurrentSettings extends Required<Omit<RecurrentOptions, "dtype" | "device">> {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly projSize?: number;
  readonly dtype?: DType;
  readonly device?: string;
}

/** The states before and after all time steps, as a layer takes and returns them, with a dimension of layers and directions. */
interface States {
  readonly h: Tensor;
  readonly c: Tensor | null;
}

/**
 * What RNN, LSTM and GRU have in common. Parameters are fields: `weightIhL0`, `weightHhL0`, `biasIhL0`, `biasHhL0` of the
 * first layer, with `Reverse` at the end for the direction from the end to the beginning; their keys in a state dict are
 * PyTorch's (`weight_ih_l0_reverse`). They start uniform within `1 / sqrt(hiddenSize)`, PyTorch's values for the same seed.
 */
export abstract class RNNBase extends Module {
  /** @internal */
  static override readonly stateKeys: (name: string) => string = (name) =>
    OWN.test(name) ? inSnakeCase(name) : name;

  /** What the units are: "LSTM", "GRU", "RNN_TANH" or "RNN_RELU". */
  readonly mode: Mode;
  /** The last size of the input. */
  readonly inputSize: number;
  /** The size of the state of each layer. */
  readonly hiddenSize: number;
  /** How many layers there are. */
  readonly numLayers: number;
  /** Whether learned vectors are added. */
  readonly bias: boolean;
  /** Whether the first dimension of inputs and outputs is the batch, not the time step. */
  readonly batchFirst: boolean;
  /** The probability that an output of a layer but the last is zeroed. */
  dropout: number;
  /** Whether there is a second direction. */
  readonly bidirectional: boolean;
  /** Of LSTM, the size that outputs are projected to; 0 if they are not. */
  readonly projSize: number;
  [weight: `weight${string}`]: Parameter;
  [bias: `bias${string}L${string}`]: Parameter;

  constructor(mode: Mode, settings: RecurrentSettings) {
    super();
    const { inputSize, hiddenSize, numLayers, bias, projSize = 0 } = settings;
    const what = mode.startsWith("RNN") ? "RNN" : mode;
    check(what, settings);
    this.mode = mode;
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.numLayers = numLayers;
    this.bias = bias;
    this.batchFirst = settings.batchFirst;
    this.dropout = settings.dropout;
    this.bidirectional = settings.bidirectional;
    this.projSize = projSize;
    const { dtype, device } = settings;
    const rows = gatesOf[mode] * hiddenSize;
    const own = this as unknown as Record<string, Parameter>;
    const add = (name: string, ...shape: number[]): void => {
      own[name] = new Parameter(empty(shape, { dtype, device }));
    };
    for (const [layer, suffix] of this.suffixes()) {
      add(`weightIh${suffix}`, rows, layer === 0 ? inputSize : this.outSize * this.directions);
      add(`weightHh${suffix}`, rows, this.outSize);
      if (bias) add(`biasIh${suffix}`, rows);
      if (bias) add(`biasHh${suffix}`, rows);
      if (projSize > 0) add(`weightHr${suffix}`, projSize, hiddenSize);
    }
    this.resetParameters();
  }

  private get directions(): number {
    return this.bidirectional ? 2 : 1;
  }

  private get outSize(): number {
    return this.projSize || this.hiddenSize;
  }

  /** The layer of each direction and the end of the names of its parameters, in order. */
  private suffixes(): [layer: number, suffix: string, reverse: boolean][] {
    return Array.from({ length: this.numLayers * this.directions }, (_, k) => {
      const layer = Math.floor(k / this.directions);
      const reverse = k % this.directions === 1;
      return [layer, `L${layer}${reverse ? "Reverse" : ""}`, reverse];
    });
  }

  /** The parameters of each layer and direction, as `allWeights` of PyTorch. */
  get allWeights(): Parameter[][] {
    return this.suffixes().map(([, suffix]) => {
      const names = ["weightIh", "weightHh", ...(this.bias ? ["biasIh", "biasHh"] : [])];
      if (this.projSize > 0) names.push("weightHr");
      return names.map((name) => (this as unknown as Record<string, Parameter>)[name + suffix]);
    });
  }

  /** Draws new initial values. */
  resetParameters(): void {
    const bound = 1 / Math.sqrt(this.hiddenSize);
    for (const weight of this.parameters()) uniform_(weight, -bound, bound);
  }

  /** Does nothing: PyTorch's keeps weights in one piece of memory for cuDNN. */
  flattenParameters(): void {}

  private parametersOf(k: number): Weights {
    const [input, hidden, ...rest] = this.allWeights[k];
    const biases = this.bias ? ([rest[0], rest[1]] as const) : null;
    return { input, hidden, biases, projection: this.projSize > 0 ? rest[rest.length - 1] : null };
  }

  /** Runs all layers on an input of any form; `states` are those before the first time step, or null for zeros. */
  protected run(
    input: Tensor | PackedSequence,
    states: States | null,
  ): readonly [output: Tensor | PackedSequence, states: States] {
    return input instanceof PackedSequence ? this.runPacked(input, states) : this.runTensor(input, states);
  }

  private runTensor(input: Tensor, states: States | null): readonly [Tensor, States] {
    this.checkSize(input, [2, 3]);
    const isBatched = input.ndim === 3;
    const at = this.batchFirst ? 0 : 1;
    const batched = isBatched ? input : input.unsqueeze(at);
    const x = this.batchFirst ? batched.transpose(0, 1) : batched;
    if (x.shape[0] === 0)
      throw new ShapeError(
        `${nameOf(this)}: a sequence has at least one time step; got shape ${quote(input.shape)}`,
      );
    this.checkStates(states, isBatched ? [x.shape[1]] : [], input);
    const first = states === null ? null : isBatched ? states : mapStates(states, (s) => s.unsqueeze(1));
    const [output, last] = this.runLayers(x, first, x.shape[1], (y, state, k, reverse) =>
      runPadded(this.mode, y, state, this.parametersOf(k), reverse),
    );
    const placed = this.batchFirst ? named(output.transpose(0, 1), "TransposeBackward1") : output;
    if (isBatched) return [placed, last];
    return [placed.squeeze(at), mapStates(last, (s) => s.squeeze(1))];
  }

  private runPacked(input: PackedSequence, given: States | null): readonly [PackedSequence, States] {
    const { data, batchSizes, sortedIndices, unsortedIndices } = input;
    this.checkSize(data, [2]);
    const [batch] = batchSizes;
    this.checkStates(given, [batch], data);
    const states =
      given === null || sortedIndices === null
        ? given
        : mapStates(given, (s) => s.indexSelect(1, sortedIndices));
    const [output, last] = this.runLayers(data, states, batch, (y, state, k, reverse) =>
      runPacked(this.mode, y, batchSizes, state, this.parametersOf(k), reverse),
    );
    const packed = new PackedSequence(output, batchSizes, sortedIndices, unsortedIndices);
    const inOrder =
      unsortedIndices === null ? last : mapStates(last, (s) => s.indexSelect(1, unsortedIndices));
    return [packed, inOrder];
  }

  private runLayers(
    x: Tensor,
    states: States | null,
    batch: number,
    run: (
      x: Tensor,
      first: State,
      k: number,
      reverse: boolean,
    ) => { readonly output: Tensor; readonly last: State },
  ): readonly [Tensor, States] {
    const { dtype, device } = x;
    const hasCells = this.mode === "LSTM";
    const zero = (size: number): Tensor => zeros([batch, size], { dtype, device });
    const firstOf = (k: number): State => {
      if (states !== null) return mapStates(states, (s) => s.select(0, k));
      return { h: zero(this.outSize), c: hasCells ? zero(this.hiddenSize) : null };
    };
    const lasts: State[] = [];
    let y = x;
    for (let layer = 0; layer < this.numLayers; layer++) {
      const outputs = Array.from({ length: this.directions }, (_, d) => {
        const k = layer * this.directions + d;
        const ran = run(y, firstOf(k), k, d === 1);
        lasts.push(ran.last);
        return ran.output;
      });
      y = outputs.length === 1 ? named(outputs[0], "Stack") : cat(outputs, -1);
      if (layer < this.numLayers - 1 && this.dropout > 0) y = dropout(y, this.dropout, this.training);
    }
    const h = stack(lasts.map((s) => s.h));
    return [y, { h, c: hasCells ? stack(lasts.map((s) => s.c as Tensor)) : null }];
  }

  private checkSize(input: Tensor, ndims: readonly number[]): void {
    if (!ndims.includes(input.ndim))
      throw new ShapeError(
        `${nameOf(this)} takes a sequence ${this.batchFirst ? "[batch, length, size]" : "[length, batch, size]"}, or [length, size] without a batch; got shape ${quote(input.shape)}`,
      );
    if (input.shape[input.ndim - 1] !== this.inputSize)
      throw new ShapeError(
        `${nameOf(this)}: an input of shape ${quote(input.shape)} does not fit: its last size is not the inputSize ${this.inputSize}`,
      );
  }

  private checkStates(states: States | null, batch: readonly number[], input: Tensor): void {
    if (states === null) return;
    const count = this.numLayers * this.directions;
    const check = (name: string, state: Tensor, size: number): void => {
      const expected = [count, ...batch, size];
      if (quote(state.shape) !== quote(expected))
        throw new ShapeError(
          `${nameOf(this)}: ${name} of shape ${quote(state.shape)} does not fit an input of shape ${quote(input.shape)}: ${quote(expected)} is needed`,
        );
    };
    check("h0", states.h, this.outSize);
    if (states.c !== null) check("c0", states.c, this.hiddenSize);
  }

  override extraRepr(): string {
    const parts = [`${this.inputSize}, ${this.hiddenSize}`];
    if (this.projSize !== 0) parts.push(`proj_size=${this.projSize}`);
    if (this.numLayers !== 1) parts.push(`num_layers=${this.numLayers}`);
    if (!this.bias) parts.push(`bias=${boolText(false)}`);
    if (this.batchFirst) parts.push(`batch_first=${boolText(true)}`);
    if (this.dropout !== 0) parts.push(`dropout=${numberText(this.dropout)}`);
    if (this.bidirectional) parts.push(`bidirectional=${boolText(true)}`);
    return parts.join(", ");
  }
}

function mapStates(states: States, f: (x: Tensor) => Tensor): States {
  return { h: f(states.h), c: states.c === null ? null : f(states.c) };
}

function check(what: string, settings: RecurrentSettings): void {
  const { inputSize, hiddenSize, numLayers, dropout: p, projSize = 0 } = settings;
  if (!Number.isInteger(inputSize) || inputSize < 0)
    throw new ValueError(`${what}: inputSize is an integer from 0; got ${quote(inputSize)}`);
  for (const [name, value] of [
    ["hiddenSize", hiddenSize],
    ["numLayers", numLayers],
  ] as const)
    if (!Number.isInteger(value) || value < 1)
      throw new ValueError(`${what}: ${name} is an integer from 1; got ${quote(value)}`);
  if (!(p >= 0 && p <= 1))
    throw new ValueError(`${what}: the probability of dropout lies between 0 and 1; got ${quote(p)}`);
  if (!Number.isInteger(projSize) || projSize < 0 || projSize >= hiddenSize)
    throw new ValueError(
      `${what}: projSize is an integer from 0 and smaller than hiddenSize, ${hiddenSize}; got ${quote(projSize)}`,
    );
  if (p > 0 && numLayers === 1)
    warn(
      `${what}: dropout is applied between layers, and there is one layer; give numLayers, or leave dropout out`,
    );
}
