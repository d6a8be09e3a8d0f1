import { basic } from "./functions/basic.ts";
import { conversions } from "./functions/conversions.ts";
import { errorFunctions } from "./functions/error-functions.ts";
import { exponential } from "./functions/exponential.ts";
import { hyperbolic } from "./functions/hyperbolic.ts";
import { integer } from "./functions/integer.ts";
import { long } from "./functions/long.ts";
import { power } from "./functions/power.ts";
import { remainders } from "./functions/remainders.ts";
import { trigonometric } from "./functions/trigonometric.ts";

/** WGSL functions that kernels call, with the functions they call in turn. */
export type Library = Readonly<Record<string, { readonly code: string; readonly calls?: readonly string[] }>>;

const library: Library = {
  ...conversions,
  ...integer,
  ...long,
  ...basic,
  ...exponential,
  ...hyperbolic,
  ...trigonometric,
  ...power,
  ...remainders,
  ...errorFunctions,
};

/** The functions that one shader needs. */
export class Helpers {
  readonly #names: Set<string> = new Set();

  /** The call of a function, which the shader then contains. */
  call(name: string, ...operands: string[]): string {
    this.#add(name);
    return `${name}(${operands.join(", ")})`;
  }

  /** Their text, to stand before the entry point. */
  get code(): string {
    return [...this.#names].map((name) => library[name].code.trim()).join("\n");
  }

  #add(name: string): void {
    // Not of the library: WGSL's own.
    if (this.#names.has(name) || !(name in library)) return;
    for (const other of library[name].calls ?? []) this.#add(other);
    this.#names.add(name);
  }
}
