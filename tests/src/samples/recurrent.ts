/** Samples of the recurrent ops: both directions, with and without biases and a projection. */
import { learnRecurrence } from "@flambeau/autograd";
import { recurrence, type Tensor } from "@flambeau/tensor";
import fc from "fast-check";
import { between } from "./input.ts";
import { type Case, onTensors } from "./sample.ts";

// Their rules come with layers, which these samples do without.
learnRecurrence();

const real = between(-1, 1);
type Cases = fc.Arbitrary<Case>;
type Shapes = readonly (readonly number[])[];

interface Form {
  readonly reverse: boolean;
  readonly hasBias: boolean;
  readonly projection: number;
}

const forms = (projections: readonly number[]): Form[] =>
  [false, true].flatMap((reverse) =>
    [false, true].flatMap((hasBias) => projections.map((projection) => ({ reverse, hasBias, projection }))),
  );

/** Shapes of x, h0, c0 for LSTM, the weights, biases and projection, for small sizes. */
function shapesOf(gates: number, { hasBias, projection }: Form): fc.Arbitrary<Shapes> {
  const size = fc.integer({ min: 1, max: 2 });
  return fc.tuple(size, size, size, fc.integer({ min: 2, max: 3 })).map(([length, batch, inSize, hidden]) => {
    const out = projection || hidden;
    const rows = gates * hidden;
    return [
      [length, batch, inSize],
      [batch, out],
      ...(gates === 4 ? [[batch, hidden]] : []),
      [rows, inSize],
      [rows, out],
      ...(hasBias ? [[rows], [rows]] : []),
      ...(projection > 0 ? [[projection, hidden]] : []),
    ];
  });
}

function cases(gates: number, form: Form, call: (...x: Tensor[]) => Tensor, what = ""): Cases {
  const text = [what, form.reverse && "reverse", form.hasBias && "bias", form.projection > 0 && "projection"]
    .filter(Boolean)
    .join(", ");
  return onTensors([real], shapesOf(gates, form), call, text);
}

const biasesOf = (form: Form, rest: readonly Tensor[]): readonly [Tensor, Tensor] | null =>
  form.hasBias ? [rest[0], rest[1]] : null;

function lstm(
  form: Form,
  x: Tensor,
  h0: Tensor,
  c0: Tensor,
  weights: readonly Tensor[],
): readonly [Tensor, Tensor] {
  const [input, hidden, ...rest] = weights;
  const projection = form.projection > 0 ? rest[rest.length - 1] : null;
  return recurrence.lstm(
    x,
    h0,
    c0,
    { input, hidden, biases: biasesOf(form, rest), projection },
    form.reverse,
  );
}

export const recurrentOps: { readonly [K in "lstm" | "gru" | "rnn"]: readonly Cases[] } = {
  lstm: [
    ...forms([0, 1]).map((form) => cases(4, form, (x, h0, c0, ...w) => lstm(form, x, h0, c0, w)[0])),
    ...forms([0]).map((form) => cases(4, form, (x, h0, c0, ...w) => lstm(form, x, h0, c0, w)[1], "the cell")),
    ...forms([0]).map((form) =>
      cases(
        4,
        form,
        (x, h0, c0, ...w) => {
          const [output, cell] = lstm(form, x, h0, c0, w);
          return output.mul(cell);
        },
        "both",
      ),
    ),
  ],
  gru: forms([0]).map((form) =>
    cases(3, form, (x, h0, input, hidden, ...rest) =>
      recurrence.gru(x, h0, { input, hidden, biases: biasesOf(form, rest) }, form.reverse),
    ),
  ),
  rnn: (["tanh", "relu"] as const).flatMap((nonlinearity) =>
    forms([0]).map((form) =>
      cases(
        1,
        form,
        (x, h0, input, hidden, ...rest) =>
          recurrence.rnn(x, h0, { input, hidden, biases: biasesOf(form, rest) }, nonlinearity, form.reverse),
        nonlinearity,
      ),
    ),
  ),
};
