/** Writes every recorded module within one of the user as model.py, with its weights and results: for check_models.py. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { emitModel } from "@flambeau/export-pytorch";
import { manualSeed, nn, save, Tensor } from "flambeau";
import {
  build,
  describeModule,
  inputsOf,
  moduleCases,
  outputsOf,
  seed,
} from "../../../../tests/src/records/modules.ts";

/** A model that calls a module. */
class Holder extends nn.Module {
  readonly inner: nn.Module;

  constructor(inner: nn.Module) {
    super();
    this.inner = inner;
  }

  override forward(...inputs: unknown[]): unknown {
    return this.inner(...inputs);
  }
}

/** The sum of all floats. */
function loss(output: unknown): Tensor {
  const parts = outputsOf(output).filter((y) => y.isFloatingPoint());
  return parts.map((y) => y.sum()).reduce((a, b) => a.add(b));
}

const [folder] = process.argv.slice(2);
let [count, left] = [0, 0];
for (const [i, c] of moduleCases.entries()) {
  if (c.inputs === undefined) continue;
  manualSeed(seed);
  const model = new Holder(build(c));
  const inputs = inputsOf(c).inputs.map((x) => (x instanceof Tensor ? x.detach() : x));
  const to = join(folder, `${c.module}-${i}`);
  try {
    const { source, tensors } = emitModel(model, { inputs, loss, rest: [] });
    mkdirSync(to, { recursive: true });
    writeFileSync(join(to, "model.py"), source);
    const weights = Object.fromEntries([...tensors].map(([key, x]) => [key, x.detach().clone()]));
    const modes: Record<string, unknown> = {};
    for (const mode of ["eval", "train"] as const) {
      model.train(mode === "train");
      model.zeroGrad();
      manualSeed(7);
      const output = model(...inputs);
      const value = loss(output);
      if (value.requiresGrad) value.backward();
      const grads: Record<string, Tensor> = {};
      for (const p of model.parameters()) {
        const key = [...tensors].find(([, x]) => x === p)?.[0];
        if (p.grad !== null && key !== undefined) grads[key] = p.grad.clone();
      }
      modes[mode] = {
        outputs: outputsOf(output).map((x) => x.detach().clone()),
        loss: value.detach(),
        grads,
      };
    }
    await save({ weights, batch: { inputs, rest: [] }, ...modes }, join(to, "expected.pt"));
    count++;
  } catch (error) {
    left++;
    console.log(`${describeModule(c)}: ${String(error).slice(0, 200)}`);
  }
}
console.log(`${count} modules, ${left} left out`);
