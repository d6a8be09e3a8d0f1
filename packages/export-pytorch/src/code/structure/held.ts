/** Tensors that a program holds outside of its modules: buffers of the modules that use them. */
import { Module } from "@flambeau/nn";
import type { Tensor } from "@flambeau/tensor";
import { Names } from "../python/names.ts";
import { fieldsOf } from "./fields.ts";

/** The buffers that modules get. */
export class Held {
  readonly #names = new Map<Module, Names>();
  readonly #buffers = new Map<Module, Map<Tensor, string>>();

  /** The name of the buffer of a tensor. */
  hold(module: Module, tensor: Tensor, hint: string): string {
    const buffers = this.#buffers.get(module) ?? new Map<Tensor, string>();
    this.#buffers.set(module, buffers);
    const known = buffers.get(tensor);
    if (known !== undefined) return known;
    let names = this.#names.get(module);
    if (names === undefined) {
      names = new Names("fields").take(fieldsOf(module).map(({ python }) => python));
      this.#names.set(module, names);
    }
    const name = names.give(hint);
    buffers.set(tensor, name);
    return name;
  }

  of(module: Module): readonly (readonly [name: string, tensor: Tensor])[] {
    return [...(this.#buffers.get(module) ?? [])].map(([tensor, name]) => [name, tensor] as const);
  }

  /** All of them by their keys. */
  state(model: Module): [key: string, tensor: Tensor][] {
    const walk = (module: Module, prefix: string): [string, Tensor][] => [
      ...this.of(module).map(([name, tensor]): [string, Tensor] => [prefix + name, tensor]),
      ...fieldsOf(module).flatMap(({ python, member }) =>
        member instanceof Module ? walk(member, `${prefix}${python}.`) : [],
      ),
    ];
    return walk(model, "");
  }
}
