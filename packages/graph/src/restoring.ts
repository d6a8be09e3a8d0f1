/** A model as it was, whatever was run. */
import { noGrad } from "@flambeau/autograd";
import { Module } from "@flambeau/nn";
import { getRngState, setRngState } from "@flambeau/tensor";

/**
 * Runs `body`, after which the buffers of a model, the modes of its modules and the default generator are as they were. Of a function only the
 * generator.
 *
 * @internal
 */
export function restoring<T>(model: Module | ((...args: never[]) => unknown), body: () => T): T {
  const [modules, buffers] = model instanceof Module ? [model.modules(), model.buffers()] : [[], []];
  const modes = modules.map((module) => [module, module.training] as const);
  const before = buffers.map((x) => x.detach().clone());
  const state = getRngState();
  try {
    return body();
  } finally {
    setRngState(state);
    noGrad(() => buffers.forEach((x, i) => void x.detach().copy_(before[i])));
    for (const [module, training] of modes) module.training = training;
  }
}
