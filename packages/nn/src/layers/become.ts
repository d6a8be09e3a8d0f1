import { empty, type Tensor } from "@flambeau/tensor";
import type { Module } from "../module/module.ts";

/**
 * Makes a module one of another class, with some of its fields set: it stays the same object, with its hooks and its parameters, so
 * that what holds these goes on.
 */
export function become(module: Module, Kind: { readonly prototype: Module }, fields: object): void {
  Object.assign(module, fields);
  Object.setPrototypeOf(module, Kind.prototype);
}

/** Gives a tensor another size; its elements are undefined. */
export function resize(tensor: Tensor | null, shape: readonly number[]): void {
  if (tensor === null) return;
  const { dtype, device } = tensor;
  tensor.setData_(empty(shape, { dtype, device }));
}
