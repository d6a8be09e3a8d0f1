/**
 * Recurrent layers: RNN, LSTM and GRU.
 *
 * @module
 */
import { ArgumentError, quote, ValueError } from "@flambeau/backend";
import { type Args, bind, describeValue, Tensor } from "@flambeau/tensor";
import { PackedSequence } from "../utils/packed-sequence.ts";
import { type RecurrentOptions, RNNBase } from "./base.ts";
import { oneState, pairOfStates } from "./direction.ts";

/** Options of `RNN`. */
export interface RNNOptions extends RecurrentOptions {
  /** What the units do: "tanh" or "relu". Default "tanh". */
  readonly nonlinearity?: "tanh" | "relu";
}

/** Options of `LSTM`. */
export interface LSTMOptions extends RecurrentOptions {
  /** The size that outputs are projected to; 0 for none. Default 0. */
  readonly projSize?: number;
}

function checkInput(what: string, x: unknown): void {
  if (x instanceof Tensor || x instanceof PackedSequence) return;
  throw new ArgumentError(`${what} takes a tensor or a PackedSequence; got ${describeValue(x)}`);
}

const RNN_SIGNATURE =
  "RNN(inputSize: int, hiddenSize: int, numLayers: int = 1, nonlinearity: 'tanh'|'relu' = 'tanh', bias: bool = true, batchFirst: bool = false, dropout: number = 0, bidirectional: bool = false, *, device?, dtype?)";

/**
 * Layers of plain recurrent units, `h' = tanh(W x + b + V h + c)`: `[length, batch, inputSize]` to the outputs
 * `[length, batch, hiddenSize]` (twice the size if bidirectional) and the last state `[numLayers, batch, hiddenSize]` (twice the
 * number). Without a batch, inputs are `[length, inputSize]`; with `batchFirst`, `[batch, length, inputSize]`. It takes a
 * `PackedSequence` too. PyTorch 1.13 has `bias` in the place of `nonlinearity`; this is the order of later releases.
 *
 * @throws ValueError when a size is no positive integer or `dropout` no probability. Calls: ShapeError when the input or the state
 *   does not fit, which names both.
 *
 * @example
 * ```ts
 * import { nn, randn } from "flambeau";
 *
 * const rnn = new nn.RNN(10, 20, 2);
 * const [output, h] = rnn(randn([5, 3, 10]));
 * console.log(output.shape, h.shape);
 * // [ 5, 3, 20 ] [ 2, 3, 20 ]
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the merged interface only adds a call
export class RNN extends RNNBase {
  /** What the units do. */
  readonly nonlinearity: "tanh" | "relu";

  constructor(...args: Args<typeof RNN_SIGNATURE, RNNOptions>) {
    const { nonlinearity, ...settings } = bind<typeof RNN_SIGNATURE, RNNOptions>(RNN_SIGNATURE, args);
    if (nonlinearity !== "tanh" && nonlinearity !== "relu")
      throw new ValueError(`RNN: nonlinearity is "tanh" or "relu"; got ${quote(nonlinearity)}`);
    super(nonlinearity === "tanh" ? "RNN_TANH" : "RNN_RELU", settings);
    this.nonlinearity = nonlinearity;
  }

  /** The outputs of each sequence, packed as the input, and the last states. */
  override forward(input: PackedSequence, hx?: Tensor | null): [output: PackedSequence, h: Tensor];
  /** The outputs of all time steps and the last states; see the class for shapes. */
  override forward(input: Tensor, hx?: Tensor | null): [output: Tensor, h: Tensor];
  override forward(
    input: Tensor | PackedSequence,
    hx?: Tensor | null,
  ): [output: Tensor | PackedSequence, h: Tensor] {
    checkInput("RNN", input);
    const [output, { h }] = this.run(input, oneState("RNN", hx));
    return [output, h];
  }
}

const GRU_SIGNATURE =
  "GRU(inputSize: int, hiddenSize: int, numLayers: int = 1, bias: bool = true, batchFirst: bool = false, dropout: number = 0, bidirectional: bool = false, *, device?, dtype?)";

/**
 * Layers of gated recurrent units; shapes as of {@link RNN}. The rows of the weights are those of the reset gate, the update gate
 * and the new state, and the reset gate scales the product of the state.
 *
 * @throws as {@link RNN}.
 *
 * @example
 * ```ts
 * import { nn, randn } from "flambeau";
 *
 * const gru = new nn.GRU(10, 20, { batchFirst: true, bidirectional: true });
 * const [output, h] = gru(randn([3, 5, 10]));
 * console.log(output.shape, h.shape);
 * // [ 3, 5, 40 ] [ 2, 3, 20 ]
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the merged interface only adds a call
export class GRU extends RNNBase {
  constructor(...args: Args<typeof GRU_SIGNATURE, RecurrentOptions>) {
    super("GRU", bind<typeof GRU_SIGNATURE, RecurrentOptions>(GRU_SIGNATURE, args));
  }

  /** The outputs of each sequence, packed as the input, and the last states. */
  override forward(input: PackedSequence, hx?: Tensor | null): [output: PackedSequence, h: Tensor];
  /** The outputs of all time steps and the last states; see the class for shapes. */
  override forward(input: Tensor, hx?: Tensor | null): [output: Tensor, h: Tensor];
  override forward(
    input: Tensor | PackedSequence,
    hx?: Tensor | null,
  ): [output: Tensor | PackedSequence, h: Tensor] {
    checkInput("GRU", input);
    const [output, { h }] = this.run(input, oneState("GRU", hx));
    return [output, h];
  }
}

const LSTM_SIGNATURE =
  "LSTM(inputSize: int, hiddenSize: int, numLayers: int = 1, bias: bool = true, batchFirst: bool = false, dropout: number = 0, bidirectional: bool = false, projSize: int = 0, *, device?, dtype?)";

/** The states of an LSTM: what it outputs, and its cells. */
export type LSTMState = readonly [h: Tensor, c: Tensor];

/**
 * Layers of long short-term memory; shapes as of {@link RNN}, with a pair of states `[h, c]`, where outputs and h have the size
 * `projSize` if it is given. The rows of the weights are those of the input, forget, cell and output gates.
 *
 * @throws as {@link RNN}; ValueError also when `projSize` is not smaller than `hiddenSize`.
 *
 * @example
 * ```ts
 * import { nn, randn, zeros } from "flambeau";
 *
 * const lstm = new nn.LSTM(10, 20, 2);
 * const [output, [h, c]] = lstm(randn([5, 3, 10]), [zeros([2, 3, 20]), zeros([2, 3, 20])]);
 * console.log(output.shape, h.shape, c.shape);
 * // [ 5, 3, 20 ] [ 2, 3, 20 ] [ 2, 3, 20 ]
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the merged interface only adds a call
export class LSTM extends RNNBase {
  constructor(...args: Args<typeof LSTM_SIGNATURE, LSTMOptions>) {
    super("LSTM", bind<typeof LSTM_SIGNATURE, LSTMOptions>(LSTM_SIGNATURE, args));
  }

  /** The outputs of each sequence, packed as the input, and the last states. */
  override forward(
    input: PackedSequence,
    hx?: LSTMState | null,
  ): [output: PackedSequence, states: [h: Tensor, c: Tensor]];
  /** The outputs of all time steps and the last states; see the class for shapes. */
  override forward(input: Tensor, hx?: LSTMState | null): [output: Tensor, states: [h: Tensor, c: Tensor]];
  override forward(
    input: Tensor | PackedSequence,
    hx?: LSTMState | null,
  ): [output: Tensor | PackedSequence, states: [h: Tensor, c: Tensor]] {
    checkInput("LSTM", input);
    const [output, { h, c }] = this.run(input, pairOfStates("LSTM", hx));
    return [output, [h, c as Tensor]];
  }
}

/** Runs on sequences of different lengths. */
type OnPacked<Hx, States> = (
  input: PackedSequence,
  hx?: Hx | null,
) => [output: PackedSequence, states: States];

export interface RNN extends OnPacked<Tensor, Tensor> {}
export interface GRU extends OnPacked<Tensor, Tensor> {}
export interface LSTM extends OnPacked<LSTMState, [h: Tensor, c: Tensor]> {}
