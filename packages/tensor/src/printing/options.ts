import { quote, ValueError } from "@flambeau/backend";

/** What to change about the text of tensors; what is left out stays as it is. */
export interface PrintOptions {
  /** Digits after the decimal point (default 4, at most 99). */
  precision?: number;
  /** A tensor of more elements than this is summarised (default 1000). */
  threshold?: number;
  /** Elements that a summary shows at each end of a dimension (default 3). */
  edgeitems?: number;
  /** Characters per line (default 80). */
  linewidth?: number;
  /** Scientific notation: always, never, or (null, the default) as the values ask. */
  sciMode?: boolean | null;
  /** A set of the numbers above to start from; options given beside it win. */
  profile?: "default" | "short" | "full";
}

/** The options in force: every one has a value. */
export type PrintSettings = Required<Omit<PrintOptions, "profile">>;

type Profile = Omit<PrintSettings, "sciMode">;

const PROFILES: Readonly<Record<NonNullable<PrintOptions["profile"]>, Profile>> = {
  default: { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80 },
  short: { precision: 2, threshold: 1000, edgeitems: 2, linewidth: 80 },
  full: { precision: 4, threshold: Infinity, edgeitems: 3, linewidth: 80 },
};

let settings: PrintSettings = { ...PROFILES.default, sciMode: null };

/**
 * Changes how tensors print from here on. As in PyTorch, a call without `sciMode` returns that choice to the values.
 *
 * @throws ValueError when an option has no meaning (a negative precision, an unknown profile); nothing is changed then.
 * @example
 * ```ts
 * import { setPrintOptions, tensor } from "@flambeau/tensor";
 *
 * setPrintOptions({ precision: 2 });
 * console.log(String(tensor([1.12345])));
 * // tensor([1.12])
 * setPrintOptions({ profile: "default" });
 * ```
 */
export function setPrintOptions(options: PrintOptions): void {
  settings = resolvePrintOptions({ ...options, sciMode: options.sciMode ?? null });
}

/**
 * A copy of the options that tensors print with now.
 *
 * @example
 * ```ts
 * import { getPrintOptions } from "@flambeau/tensor";
 *
 * console.log(getPrintOptions().precision);
 * // 4
 * ```
 */
export function getPrintOptions(): PrintSettings {
  return { ...settings };
}

/**
 * The options in force, with some of them replaced for one text.
 *
 * @throws ValueError when an option has no meaning.
 */
export function resolvePrintOptions(options: PrintOptions): PrintSettings {
  const { profile, ...given } = options;
  if (profile !== undefined && !Object.hasOwn(PROFILES, profile)) {
    throw new ValueError(
      `unknown print profile ${quote(profile)}; the profiles are ${Object.keys(PROFILES).join(", ")}`,
    );
  }
  const base = profile === undefined ? settings : { ...settings, ...PROFILES[profile] };
  const resolved: PrintSettings = {
    precision: given.precision ?? base.precision,
    threshold: given.threshold ?? base.threshold,
    edgeitems: given.edgeitems ?? base.edgeitems,
    linewidth: given.linewidth ?? base.linewidth,
    sciMode: given.sciMode === undefined ? base.sciMode : given.sciMode,
  };
  // 99, because rounding half to even looks one digit further and JavaScript's own formatting ends at 100.
  checkInteger("precision", resolved.precision, 0, 99);
  checkInteger("edgeitems", resolved.edgeitems, 0, Number.MAX_SAFE_INTEGER);
  checkInteger("linewidth", resolved.linewidth, 1, Number.MAX_SAFE_INTEGER);
  if (!(resolved.threshold >= 0)) {
    throw new ValueError(
      `print option threshold must be a number from 0 on, got ${quote(resolved.threshold)}`,
    );
  }
  return resolved;
}

function checkInteger(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least} on` : `from ${least} to ${most}`;
  throw new ValueError(`print option ${name} must be an integer ${range}, got ${quote(value)}`);
}
