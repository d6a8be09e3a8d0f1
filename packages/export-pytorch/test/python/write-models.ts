/** Writes each sample's model.py with its weights, a batch, and what Flambeau computes of it: for check_models.py. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { emitModel } from "@flambeau/export-pytorch";
import { manualSeed, save, Tensor } from "flambeau";
import type { Sample } from "../code/models/sample.ts";
import { samples } from "../code/models/samples.ts";

/** The tensors in outputs of any form, in order. */
function tensorsIn(value: unknown): Tensor[] {
  if (value instanceof Tensor) return [value];
  if (Array.isArray(value)) return value.flatMap(tensorsIn);
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(tensorsIn) : [];
}

/** Outputs, loss and gradients of one mode. */
function run({ model, inputs, loss, rest }: Sample, training: boolean): Record<string, unknown> {
  model.train(training);
  model.zeroGrad();
  manualSeed(7);
  const output = model(...inputs);
  const value = (loss as (...args: unknown[]) => Tensor)(output, ...(rest ?? inputs));
  value.backward();
  const own = model.namedParameters().filter(([, p]) => p.grad !== null);
  const grads = Object.fromEntries(own.map(([name, p]) => [name, (p.grad as Tensor).clone()]));
  return { outputs: tensorsIn(output).map((x) => x.detach()), loss: value.detach(), grads };
}

const [folder, ...wanted] = process.argv.slice(2);
for (const [name, make] of Object.entries(samples)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const to = join(folder, name);
  mkdirSync(to, { recursive: true });
  const sample = make();
  const { model: _, ...options } = sample;
  const { source, tensors, keys, random } = emitModel(sample.model, options);
  writeFileSync(join(to, "model.py"), source);
  const weights = Object.fromEntries([...tensors].map(([key, x]) => [key, x.detach().clone()]));
  // The keys of gradients are those of the fields, which state dicts of the library's own modules change.
  const pathOf = new Map(
    sample.model
      .namedParameters()
      .map(([path, p]) => [path, [...tensors].find(([, x]) => x === p)?.[0] ?? path]),
  );
  const modes: Record<string, Record<string, unknown>> = {};
  for (const mode of ["eval", "train"]) {
    modes[mode] = run(sample, mode === "train");
    // What a forward wrote over, as running statistics.
    for (const [key, x] of tensors) if (!x.requiresGrad) x.copy_(weights[key]);
  }
  const renamed = Object.fromEntries(
    Object.entries(modes).map(([mode, { grads, ...others }]) => [
      mode,
      {
        ...others,
        grads: Object.fromEntries(
          Object.entries(grads as Record<string, Tensor>).map(([path, g]) => [pathOf.get(path) as string, g]),
        ),
      },
    ]),
  );
  const { inputs, rest } = sample;
  const batch = { inputs: [...inputs], rest: rest === undefined ? null : [...rest] };
  const about = { random, keys: Object.fromEntries(keys) };
  await save({ weights, batch, about, ...renamed }, join(to, "expected.pt"));
}
