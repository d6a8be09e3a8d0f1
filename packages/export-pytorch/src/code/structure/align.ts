/** The same body in training and in evaluation mode: which arguments are `self.training`. */
import { type Argument, type Call, Size, Value } from "@flambeau/graph";
import { TrainingFlag } from "../hole.ts";
import { bodyOf } from "./separate.ts";

/** Arguments of calls that are the mode. */
export type Flags = ReadonlyMap<Call, Readonly<Record<string, TrainingFlag>>>;

/**
 * Compares the calls of a module in both modes. Values may be one in evaluation that are two in training, as what a dropout takes and
 * gives; but never the other way round.
 *
 * @returns undefined where the bodies differ in more than flags.
 */
export function flagsBetween(training: Call, evaluation: Call): Flags | undefined {
  const [a, b] = [bodyOf(training), bodyOf(evaluation)];
  if (a.inner.length !== b.inner.length) return undefined;
  const alignment = new Alignment();
  if (!alignment.arguments(a.args, b.args)) return undefined;
  for (const [i, call] of a.inner.entries()) if (!alignment.calls(call, b.inner[i])) return undefined;
  return alignment.argument(training.result, evaluation.result) ? alignment.flags : undefined;
}

class Alignment {
  readonly #values = new Map<Value, Value>();
  readonly flags = new Map<Call, Record<string, TrainingFlag>>();

  calls(a: Call, b: Call): boolean {
    if (a.name !== b.name || a.kind !== b.kind || a.module !== b.module || a.signature !== b.signature)
      return false;
    const names = Object.keys(a.args);
    if (names.join() !== Object.keys(b.args).join()) return false;
    for (const name of names) {
      const [one, other] = [a.args[name], b.args[name]];
      if (typeof one === "boolean" && typeof other === "boolean" && one !== other && a.kind === "call") {
        this.flags.set(a, { ...this.flags.get(a), [name]: new TrainingFlag(one) });
      } else if (!this.argument(one, other)) return false;
    }
    return this.argument(a.result, b.result);
  }

  arguments(a: object, b: object): boolean {
    const names = Object.keys(a);
    if (names.join() !== Object.keys(b).join()) return false;
    return names.every((name) =>
      this.argument((a as Record<string, Argument>)[name], (b as Record<string, Argument>)[name]),
    );
  }

  argument(a: Argument, b: Argument): boolean {
    if (a instanceof Value && b instanceof Value) return this.#value(a, b);
    if (a instanceof Size && b instanceof Size) return String(a) === String(b);
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b);
    if ("opaque" in a && "opaque" in b) return a.opaque === b.opaque;
    if (Array.isArray(a) !== Array.isArray(b) || a instanceof Value || a instanceof Size) return false;
    return this.arguments(a, b);
  }

  #value(a: Value, b: Value): boolean {
    if (a.tensor !== null || b.tensor !== null) return a.tensor === b.tensor;
    const known = this.#values.get(a);
    if (known === undefined) this.#values.set(a, b);
    return (known ?? b) === b;
  }
}
