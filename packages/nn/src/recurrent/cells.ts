/**
 * One time step of recurrent units: RNNCell, LSTMCell and GRUCell.
 *
 * @module
 */
import { ArgumentError, type DType, DTypeError, quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Args, bind, describeValue, empty, Tensor, zeros } from "@flambeau/tensor";
import { uniform_ } from "../init/index.ts";
import { nameOf } from "../module/location.ts";
import { Module } from "../module/module.ts";
import { boolText } from "../module/text.ts";
import { Parameter } from "../parameter.ts";
import { gatesOf, type Mode, oneState, pairOfStates, runPadded, type State } from "./direction.ts";
import type { LSTMState } from "./layers.ts";

/** Options of recurrent cells. */
export interface CellOptions {
  /** Add learned vectors. Default true. */
  readonly bias?: boolean;
  /** The dtype of the parameters. Default: the default dtype. */
  readonly dtype?: DType;
  /** Where the parameters are. Default "cpu". */
  readonly device?: string;
}

/** Options of `RNNCell`. */
export interface RNNCellOptions extends CellOptions {
  /** What the units do: "tanh" or "relu". Default "tanh". */
  readonly nonlinearity?: "tanh" | "relu";
}

interface Settings {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly bias: boolean;
  readonly dtype?: DType;
  readonly device?: string;
}

/**
 * What RNNCell, LSTMCell and GRUCell have in common: their parameters, which start uniform within `1 / sqrt(hiddenSize)`,
 * PyTorch's values for the same seed.
 */
export abstract class RNNCellBase extends Module {
  /** @internal */
  static override readonly stateKeys: Readonly<Record<string, string>> = {
    weightIh: "weight_ih",
    weightHh: "weight_hh",
    biasIh: "bias_ih",
    biasHh: "bias_hh",
  };

  /** The last size of the input. */
  readonly inputSize: number;
  /** The size of the state. */
  readonly hiddenSize: number;
  /** Of the input: `[gates * hiddenSize, inputSize]`. */
  weightIh: Parameter;
  /** Of the state: `[gates * hiddenSize, hiddenSize]`. */
  weightHh: Parameter;
  /** Added to the input's product, or null. */
  biasIh: Parameter | null;
  /** Added to the state's product, or null. */
  biasHh: Parameter | null;
  /** What the units are: "LSTM", "GRU", "RNN_TANH" or "RNN_RELU". */
  readonly mode: Mode;

  constructor(mode: Mode, settings: Settings) {
    super();
    const { inputSize, hiddenSize, bias, dtype, device } = settings;
    for (const size of [inputSize, hiddenSize])
      if (!Number.isInteger(size) || size < 0)
        throw new ValueError(`${nameOf(this)} takes sizes; got ${quote(size)}`);
    const rows = gatesOf[mode] * hiddenSize;
    const parameter = (...shape: number[]): Parameter => new Parameter(empty(shape, { dtype, device }));
    this.mode = mode;
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.weightIh = parameter(rows, inputSize);
    this.weightHh = parameter(rows, hiddenSize);
    this.biasIh = bias ? parameter(rows) : null;
    this.biasHh = bias ? parameter(rows) : null;
    this.resetParameters();
  }

  /** Draws new initial values. */
  resetParameters(): void {
    const bound = this.hiddenSize > 0 ? 1 / Math.sqrt(this.hiddenSize) : 0;
    for (const weight of this.parameters()) uniform_(weight, -bound, bound);
  }

  /** The states after one step of x `[batch, inputSize]` or `[inputSize]`; null states are zeros. */
  protected run(x: Tensor, given: State | null): State {
    const name = nameOf(this);
    if (!(x instanceof Tensor)) throw new ArgumentError(`${name} takes a tensor; got ${describeValue(x)}`);
    if ((x.ndim !== 1 && x.ndim !== 2) || x.shape[x.ndim - 1] !== this.inputSize)
      throw new ShapeError(
        `${name} takes [batch, ${this.inputSize}], or [${this.inputSize}] without a batch; got shape ${quote(x.shape)}`,
      );
    for (const [what, state] of Object.entries({ input: x, ...given }))
      if (state != null && state.dtype !== this.weightIh.dtype)
        throw new DTypeError(
          `${name}: the ${what} of shape ${quote(state.shape)} is ${state.dtype} and the parameters ${this.weightIh.dtype}; convert one with .to()`,
        );
    const rows = x.ndim === 1 ? x.unsqueeze(0) : x;
    const stateOf = (state: Tensor | undefined, what: string): Tensor => {
      if (state === undefined)
        return zeros([rows.shape[0], this.hiddenSize], { dtype: x.dtype, device: x.device });
      const expected = [...x.shape.slice(0, -1), this.hiddenSize];
      if (quote(state.shape) !== quote(expected))
        throw new ShapeError(
          `${name}: ${what} of shape ${quote(state.shape)} does not fit an input of shape ${quote(x.shape)}: ${quote(expected)} is needed`,
        );
      return x.ndim === 1 ? state.unsqueeze(0) : state;
    };
    const first = {
      h: stateOf(given?.h, "h0"),
      c: this.mode === "LSTM" ? stateOf(given?.c ?? undefined, "c0") : null,
    };
    const { weightIh, weightHh, biasIh, biasHh } = this;
    const biases = biasIh === null || biasHh === null ? null : ([biasIh, biasHh] as const);
    const weights = { input: weightIh, hidden: weightHh, biases, projection: null };
    const { last } = runPadded(this.mode, rows.unsqueeze(0), first, weights, false);
    if (x.ndim === 2) return last;
    return { h: last.h.squeeze(0), c: last.c?.squeeze(0) ?? null };
  }

  override extraRepr(): string {
    const parts = [`${this.inputSize}, ${this.hiddenSize}`];
    if (this.biasIh === null) parts.push(`bias=${boolText(false)}`);
    if (this.mode === "RNN_RELU") parts.push("nonlinearity=relu");
    return parts.join(", ");
  }
}

const RNN_CELL =
  "RNNCell(inputSize: int, hiddenSize: int, bias: bool = true, nonlinearity: 'tanh'|'relu' = 'tanh', *, device?, dtype?)";

/**
 * One step of plain recurrent units: the input `[batch, inputSize]` and the state `[batch, hiddenSize]` (zeros if left out) to the
 * next state. See {@link RNN}.
 *
 * @throws ValueError when a size is negative. Calls: ShapeError when the input or the state does not fit, which names both.
 *
 * @example
 * ```ts
 * import { nn, randn, type Tensor } from "flambeau";
 *
 * const cell = new nn.RNNCell(10, 20);
 * let h: Tensor | undefined;
 * for (const x of randn([6, 3, 10])) h = cell(x, h);
 * console.log(h?.shape);
 * // [ 3, 20 ]
 * ```
 */
export class RNNCell extends RNNCellBase {
  /** What the units do. */
  readonly nonlinearity: "tanh" | "relu";

  constructor(...args: Args<typeof RNN_CELL, RNNCellOptions>) {
    const { nonlinearity, ...settings } = bind<typeof RNN_CELL, RNNCellOptions>(RNN_CELL, args);
    super(nonlinearity === "tanh" ? "RNN_TANH" : "RNN_RELU", settings);
    this.nonlinearity = nonlinearity;
  }

  override forward(x: Tensor, hx?: Tensor | null): Tensor {
    return this.run(x, oneState("RNNCell", hx)).h;
  }
}

const GRU_CELL = "GRUCell(inputSize: int, hiddenSize: int, bias: bool = true, *, device?, dtype?)";

/**
 * One step of gated recurrent units; shapes as of {@link RNNCell}. See {@link GRU}.
 *
 * @throws as {@link RNNCell}.
 *
 * @example
 * ```ts
 * import { nn, randn, zeros } from "flambeau";
 *
 * const cell = new nn.GRUCell(10, 20);
 * console.log(cell(randn([3, 10]), zeros([3, 20])).shape);
 * // [ 3, 20 ]
 * ```
 */
export class GRUCell extends RNNCellBase {
  constructor(...args: Args<typeof GRU_CELL, CellOptions>) {
    super("GRU", bind<typeof GRU_CELL, CellOptions>(GRU_CELL, args));
  }

  override forward(x: Tensor, hx?: Tensor | null): Tensor {
    return this.run(x, oneState("GRUCell", hx)).h;
  }
}

const LSTM_CELL = "LSTMCell(inputSize: int, hiddenSize: int, bias: bool = true, *, device?, dtype?)";

/**
 * One step of long short-term memory: the input and a pair of states `[h, c]` to the next pair; shapes as of {@link RNNCell}. See
 * {@link LSTM}.
 *
 * @throws as {@link RNNCell}.
 *
 * @example
 * ```ts
 * import { nn, randn } from "flambeau";
 *
 * const cell = new nn.LSTMCell(10, 20);
 * const [h, c] = cell(randn([3, 10]));
 * console.log(h.shape, c.shape);
 * // [ 3, 20 ] [ 3, 20 ]
 * ```
 */
export class LSTMCell extends RNNCellBase {
  constructor(...args: Args<typeof LSTM_CELL, CellOptions>) {
    super("LSTM", bind<typeof LSTM_CELL, CellOptions>(LSTM_CELL, args));
  }

  override forward(x: Tensor, hx?: LSTMState | null): [h: Tensor, c: Tensor] {
    const { h, c } = this.run(x, pairOfStates("LSTMCell", hx));
    return [h, c as Tensor];
  }
}
