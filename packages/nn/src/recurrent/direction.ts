/**
 * One direction of one recurrent layer over all time steps.
 *
 * @module
 */
import { learnRecurrence } from "@flambeau/autograd";
import { ArgumentError } from "@flambeau/backend";
import { cat, describeValue, recurrence, Tensor } from "@flambeau/tensor";

/** What the units of a layer are, with PyTorch's name for it. */
export type Mode = "LSTM" | "GRU" | "RNN_TANH" | "RNN_RELU";

/** How many gates a unit has: the rows of its weights are so many times the hidden size. */
export const gatesOf: Readonly<Record<Mode, number>> = { LSTM: 4, GRU: 3, RNN_TANH: 1, RNN_RELU: 1 };

/** The parameters of a direction of a layer. */
export interface Weights {
  readonly input: Tensor;
  readonly hidden: Tensor;
  readonly biases: readonly [Tensor, Tensor] | null;
  readonly projection: Tensor | null;
}

/** The states of units: what they output, and of LSTM the cells. */
export interface State {
  readonly h: Tensor;
  readonly c: Tensor | null;
}

/**
 * A state that is given as one tensor, or null for zeros.
 *
 * @throws ArgumentError when it is something else.
 */
export function oneState(what: string, hx: unknown): State | null {
  if (hx === undefined || hx === null) return null;
  if (hx instanceof Tensor) return { h: hx, c: null };
  throw new ArgumentError(`${what}: the first state is one tensor, h0; got ${describeValue(hx)}`);
}

/**
 * States that are given as a pair of tensors, or null for zeros.
 *
 * @throws ArgumentError when they are something else.
 */
export function pairOfStates(what: string, hx: unknown): State | null {
  if (hx === undefined || hx === null) return null;
  if (Array.isArray(hx) && hx.length === 2 && hx.every((s) => s instanceof Tensor))
    return { h: hx[0], c: hx[1] };
  throw new ArgumentError(
    `${what}: the first states are two tensors in an array, [h0, c0]; got ${describeValue(hx)}`,
  );
}

/** What a direction returns. */
export interface Ran {
  readonly output: Tensor;
  readonly last: State;
}

/** Runs over x `[length, batch, in]` from states `[batch, size]`. */
export function runPadded(mode: Mode, x: Tensor, first: State, weights: Weights, reverse: boolean): Ran {
  learnRecurrence();
  const last = (output: Tensor): Tensor => output.select(0, reverse ? 0 : -1);
  if (mode === "LSTM") {
    const [output, c] = recurrence.lstm(x, first.h, first.c as Tensor, weights, reverse);
    return { output, last: { h: last(output), c } };
  }
  const output =
    mode === "GRU"
      ? recurrence.gru(x, first.h, weights, reverse)
      : recurrence.rnn(x, first.h, weights, mode === "RNN_TANH" ? "tanh" : "relu", reverse);
  return { output, last: { h: last(output), c: null } };
}

/** Time steps that as many sequences have. */
interface Segment {
  /** The first row of the packed data. */
  readonly start: number;
  readonly length: number;
  readonly batch: number;
}

function segmentsOf(batchSizes: readonly number[]): Segment[] {
  const segments: Segment[] = [];
  let start = 0;
  for (let t = 0; t < batchSizes.length; ) {
    const batch = batchSizes[t];
    let length = 1;
    while (batchSizes[t + length] === batch) length++;
    segments.push({ start, length, batch });
    start += length * batch;
    t += length;
  }
  return segments;
}

const mapState = (state: State, f: (x: Tensor) => Tensor): State => {
  return { h: f(state.h), c: state.c === null ? null : f(state.c) };
};

/** Of two states, the sequences of the first and then those of the second. */
function joined(a: State, b: State): State {
  return { h: cat([a.h, b.h]), c: a.c === null || b.c === null ? null : cat([a.c, b.c]) };
}

/**
 * Runs over the packed rows x `[total, in]`, in pieces in which the number of sequences does not change. Forward, sequences that end
 * keep their states; backward, sequences that begin join with theirs.
 */
export function runPacked(
  mode: Mode,
  x: Tensor,
  batchSizes: readonly number[],
  first: State,
  weights: Weights,
  reverse: boolean,
): Ran {
  const segments = segmentsOf(batchSizes);
  const outputs: Tensor[] = new Array(segments.length);
  const rows = (state: State, from: number, count: number): State =>
    mapState(state, (s) => s.narrow(0, from, count));
  const run = (k: number, state: State): State => {
    const { start, length, batch } = segments[k];
    const piece = x.narrow(0, start, length * batch).reshape([length, batch, x.shape[1]]);
    const ran = runPadded(mode, piece, state, weights, reverse);
    outputs[k] = ran.output.reshape([length * batch, ran.output.shape[2]]);
    return ran.last;
  };
  let last: State;
  if (reverse) {
    const end = segments.length - 1;
    last = run(end, rows(first, 0, segments[end].batch));
    for (let k = end - 1; k >= 0; k--) {
      const before = segments[k + 1].batch;
      last = run(k, joined(last, rows(first, before, segments[k].batch - before)));
    }
  } else {
    last = run(0, first);
    const ended: State[] = [];
    for (let k = 1; k < segments.length; k++) {
      const { batch } = segments[k];
      ended.push(rows(last, batch, segments[k - 1].batch - batch));
      last = run(k, rows(last, 0, batch));
    }
    while (ended.length > 0) last = joined(last, ended.pop() as State);
  }
  return { output: cat(outputs), last };
}
