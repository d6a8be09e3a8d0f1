import { noGrad } from "@flambeau/autograd";
import { ValueError } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";
import type { ForwardPreHook } from "../module/hooks.ts";
import { nameOf } from "../module/location.ts";
import { keyOf } from "../module/members.ts";
import { Module } from "../module/module.ts";
import { Parameter } from "../parameter.ts";
import { fieldNameOf, fieldsOf } from "./tensor-field.ts";

/** A weight that a hook computes before each call: what `weightNorm` and `spectralNorm` share. */
export interface NormHook {
  /** "weightNorm" or "spectralNorm". */
  readonly kind: string;
  /** The field that holds the weight. */
  readonly field: string;
  /** The weight for a module, of the parameters that stand for it. */
  readonly compute: (module: Module) => Tensor;
  /** The weight as it is, where computing it changes something. */
  readonly last?: (module: Module) => Tensor;
}

/** The hooks that were registered here, by their functions: copies of a module have the same. */
const registered = new WeakMap<ForwardPreHook, NormHook>();

/**
 * The field of a weight, which then has no such hook yet.
 *
 * @throws ArgumentError when there is no such parameter; ValueError when it is no parameter.
 */
export function weightField(kind: string, module: Module, name: string): [field: string, weight: Parameter] {
  const field = fieldNameOf(kind, module, name);
  const weight = fieldsOf(module)[field];
  if (weight instanceof Parameter) return [field, weight];
  throw new ValueError(`${kind}: ${name} of ${nameOf(module)} is no parameter`);
}

/** Puts parameters and buffers in place of a weight, and a hook that computes it. */
export function installHook(module: Module, hook: NormHook, parts: Readonly<Record<string, Tensor>>): void {
  const fields = fieldsOf(module);
  const key = keyOf(module, hook.field);
  // As in PyTorch, what is costly to compute waits for the first call.
  const weightBefore = (fields[hook.field] as Tensor).detach();
  delete fields[hook.field];
  for (const [suffix, part] of Object.entries(parts)) fields[`${key}_${suffix}`] = part;
  fields[hook.field] = hook.last === undefined ? hook.compute(module) : weightBefore;
  const run: ForwardPreHook = (self) => {
    fieldsOf(self)[hook.field] = hook.compute(self);
  };
  registered.set(run, hook);
  module.registerForwardPreHook(run);
}

/**
 * Takes the hook of a weight away, and makes the weight, as it is now, a parameter again.
 *
 * @throws ValueError when there is none.
 */
export function uninstallHook(kind: string, module: Module, name: string, suffixes: readonly string[]): void {
  let found: NormHook | undefined;
  const isIt = (run: ForwardPreHook): boolean => {
    const hook = registered.get(run);
    if (hook?.kind !== kind || (hook.field !== name && keyOf(module, hook.field) !== name)) return false;
    found = hook;
    return true;
  };
  if (!Module.removePreHook(module, isIt) || found === undefined)
    throw new ValueError(`${name} of ${nameOf(module)} has no ${kind}`);
  const fields = fieldsOf(module);
  const key = keyOf(module, found.field);
  const weight = noGrad(() => (found?.last ?? found?.compute)?.(module)) as Tensor;
  delete fields[found.field];
  for (const suffix of suffixes) delete fields[`${key}_${suffix}`];
  fields[found.field] = new Parameter(weight.detach());
}

/** The parameter or buffer that stands for a weight under a suffix. */
export function partOf(module: Module, field: string, suffix: string): Tensor {
  return fieldsOf(module)[`${keyOf(module, field)}_${suffix}`] as Tensor;
}
