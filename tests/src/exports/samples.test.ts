/** Every op of the table of samples as an ONNX file: what it computes in onnxruntime is what it computes here, or it is refused. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { TraceError } from "@flambeau/graph";
import { exportOnnx, OnnxError } from "@flambeau/onnx";
import fc from "fast-check";
import { noGrad } from "flambeau";
import { assertSame, run, sessionOf, tensorsIn } from "../../../packages/onnx/test/runtime.ts";
import { describeCase, inputOf, leafOf, type Sample, samples } from "../samples/index.ts";

/** Names of which some calls are refused, and why. */
const REFUSED: Readonly<Record<string, string>> = {
  asStrided: "strides are no part of ONNX",
  svd: "no op of ONNX",
  lstsq: "no op of ONNX",
  lstm: "ONNX's LSTM has no projection",
  attention: "a mask that the sample makes unseen",
  convolution: "the primitive, which is lowered at its call",
  convolutionInput: "a primitive of the backward pass",
  convolutionWeight: "a primitive of the backward pass",
  crossEntropy: "the primitive, which is lowered at its call",
  maxPool: "the primitive, which is lowered at its call",
  quantile: "reads the quantiles",
  cov: "reads the weights",
  repeatInterleave: "reads how often",
  squeeze_: "changes a layout in place",
  unsqueeze_: "changes a layout in place",
  t_: "changes a layout in place",
  transpose_: "changes a layout in place",
};

const DRAWS = 3;

/** Exports drawn calls and runs the files. */
async function check(one: Sample): Promise<void> {
  const cases = fc
    .sample(one.cases, DRAWS)
    .filter(({ inputs }) => inputs.every(({ values }) => values.length > 0));
  for (const drawn of cases) {
    const inputs = drawn.inputs.map((input) => inputOf(input, leafOf(input, input.values, "float32")));
    const program = (...x: typeof inputs): unknown => drawn.call(...x);
    let bytes: Uint8Array;
    try {
      bytes = await exportOnnx(program, inputs);
    } catch (error) {
      const isRefusal = error instanceof OnnxError || error instanceof TraceError;
      assert.ok(isRefusal && Object.hasOwn(REFUSED, one.name), `${describeCase(drawn)}: ${error}`);
      continue;
    }
    const session = await sessionOf(bytes);
    const expected = noGrad(() => tensorsIn(program(...inputs)));
    await assertSame(await run(session, inputs), session.outputNames, expected, 2e-5);
    await session.release();
  }
}

for (const [i, one] of samples.entries()) test(`${one.name} (${i}) as an ONNX file`, () => check(one));
