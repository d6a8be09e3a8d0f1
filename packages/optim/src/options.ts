import { ValueError } from "@flambeau/backend";
import { describeValue } from "@flambeau/tensor";
import type { GroupOptions } from "./group.ts";

/**
 * An optimizer's options with defaults in place of those left out.
 *
 * @param defaults - a value for every option; undefined for one that has to be given.
 * @throws ValueError when the options are no object, or one of them is none that the optimizer has.
 */
export function withDefaults<O extends GroupOptions>(
  optimizer: string,
  options: Partial<O>,
  defaults: { readonly [K in keyof O]: O[K] | undefined },
): O {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    const example = typeof options === "number" ? options : 0.1;
    throw new ValueError(
      `${optimizer} takes its options as an object, as in { lr: ${String(example)} }; got ${describeValue(options)}`,
    );
  }
  checkKeys(optimizer, options, Object.keys(defaults));
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(given) } as O;
}

/**
 * Refuses an option that is none: it would be dropped, and what was meant would not happen.
 *
 * @throws ValueError that names the one that was probably meant.
 */
export function checkKeys(what: string, options: object, known: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const meant = known.find((name) => plain(name) === plain(key));
    throw new ValueError(
      `${what} has no option ${JSON.stringify(key)}; ${meant === undefined ? `its options are ${known.join(", ")}` : `write ${meant}`}`,
    );
  }
}

/** A name without its style: weight_decay, weightDecay and WeightDecay are one. */
function plain(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}
