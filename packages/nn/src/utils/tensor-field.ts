import { ArgumentError, quote } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";
import { nameOf } from "../module/location.ts";
import { keyOf } from "../module/members.ts";
import type { Module } from "../module/module.ts";
import { Buffer, Parameter } from "../parameter.ts";

/** A module's fields by their names. */
export function fieldsOf(module: Module): Record<string, unknown> {
  return module as unknown as Record<string, unknown>;
}

/**
 * The field that holds a parameter or buffer, given its own name or PyTorch's.
 *
 * @throws ArgumentError when there is none.
 */
export function fieldNameOf(what: string, module: Module, name: string): string {
  const own = Object.keys(module).filter((key) => isState(fieldsOf(module)[key]));
  const found = own.find((key) => key === name) ?? own.find((key) => keyOf(module, key) === name);
  if (found !== undefined) return found;
  throw new ArgumentError(
    `${what}: ${nameOf(module)} has no parameter or buffer ${quote(name)}; it has ${own.join(", ") || "none"}`,
  );
}

function isState(x: unknown): x is Parameter | Buffer {
  return x instanceof Parameter || x instanceof Buffer;
}

/** A matrix of a weight, with a dimension for its rows. */
export function asMatrix(weight: Tensor, dim: number): Tensor {
  return (dim === 0 ? weight : weight.movedim(dim, 0)).flatten(1);
}
