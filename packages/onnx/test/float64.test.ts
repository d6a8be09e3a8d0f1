import assert from "node:assert/strict";
import { test } from "node:test";
import { exportOnnx } from "@flambeau/onnx";
import { manualSeed, noGrad } from "flambeau";
import { families } from "./cases/index.ts";
import { MISSING_FLOAT64 } from "./missing.ts";
import { assertSame, run, sessionOf, tensorsIn } from "./runtime.ts";

/** Kernels that onnxruntime-web says that it lacks, for a case in float64; "" where it has all. */
async function missingIn(bytes: Uint8Array): Promise<string> {
  try {
    await (await sessionOf(bytes)).release();
    return "";
  } catch (error) {
    const [, op] = /Could not find an implementation for (\w+)\(/.exec(String(error)) ?? [];
    if (op === undefined) throw error;
    return op;
  }
}

for (const family of ["elementwise", "shapes", "indexing", "writes", "reductions"])
  for (const [name, { run: program, inputs, options, tolerance }] of Object.entries(families[family]))
    test(`float64, ${family}: ${name}`, async () => {
      manualSeed(0);
      const wide = inputs(3).map((x) => (x.dtype === "float32" ? x.double() : x));
      const bytes = await exportOnnx(program as never, wide, { opset: 18, ...options });
      const missing = await missingIn(bytes);
      assert.equal(missing, MISSING_FLOAT64[name] ?? "");
      if (missing !== "") return;
      const session = await sessionOf(bytes);
      const expected = noGrad(() => tensorsIn(program(...(wide as never[]))));
      await assertSame(await run(session, wide), session.outputNames, expected, tolerance ?? 1e-6);
      await session.release();
    });
