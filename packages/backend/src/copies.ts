/**
 * Two copies of a package in one program, often of two versions, are two of each class and of each setting. Classes are marked with
 * the copy that they are of, under a symbol that all copies share, so that errors can name the other one.
 *
 * @module
 * @internal
 */
import { VERSION } from "./version.ts";
import { warn } from "./warnings.ts";

/**
 * One copy of a package.
 *
 * @internal
 */
export interface Copy {
  /** The package's name. */
  readonly name: string;
  readonly version: string;
  /** The stack of a call into the copy, which begins with its file. */
  readonly stack: () => string | undefined;
}

/** The copies that use this copy of this package. */
const own: Map<string, Copy> = new Map();

/**
 * The copy that a package is of. Not by `import.meta.url`: bundlers put a path of their machine in its place, or nothing.
 *
 * @param stack - `() => new Error().stack`, written in the package itself.
 *
 * @internal
 */
export function copyOf(name: string, stack: Copy["stack"]): Copy {
  const copy = { name, version: VERSION, stack };
  if (!own.has(name)) own.set(name, copy);
  return copy;
}

const MARK = Symbol.for("flambeau.copy");

interface Mark {
  /** The name of the class. */
  readonly name: string;
  readonly copy: Copy;
}

/**
 * Marks the objects of a class with the copy that it is of.
 *
 * @internal
 */
export function markClass(prototype: object, name: string, copy: Copy): void {
  Object.defineProperty(prototype, MARK, { value: { name, copy } satisfies Mark });
}

function foreignMark(x: unknown): Mark | null {
  if ((typeof x !== "object" && typeof x !== "function") || x === null) return null;
  const mark = (x as { [MARK]?: Mark })[MARK];
  return mark === undefined || mark.copy === own.get(mark.copy.name) ? null : mark;
}

/**
 * The name of a class of another copy that a value is of; null of anything else. Of what is no `instanceof` the class here.
 *
 * @internal
 */
export function foreignClass(x: unknown): string | null {
  return foreignMark(x)?.name ?? null;
}

/**
 * What a value of another copy is, for errors; null of anything else.
 *
 * @internal
 */
export function describeForeign(x: unknown): string | null {
  const mark = foreignMark(x);
  if (mark === null) return null;
  const { name } = mark.copy;
  const here = own.get(name);
  const ours = here === undefined ? "" : `; this one is ${describe(here)}`;
  return `a ${mark.name} of another copy of ${name} (${describe(mark.copy)}${ours}; see npm ls ${name})`;
}

/** The version and, where a stack says it, the file. */
function describe({ version, stack }: Copy): string {
  const file = /((?:[\w-]+:\/\/|[A-Z]:\\|\/)[^\n()]*?):\d+:\d+/.exec(stack() ?? "");
  return file === null ? version : `${version} at ${file[1]}`;
}

/**
 * Warns of a second copy in one program. A module that is loaded anew, as by a server that reloads what was edited, is none.
 *
 * @internal
 */
export function warnOfCopies(first: Copy, second: Copy): void {
  const [a, b] = [describe(first), describe(second)];
  if (a === b) return;
  const { name } = first;
  warn(
    `two copies of ${name} are loaded, ${a} and ${b} (see npm ls ${name}): their tensors do not mix, and noGrad, seeds and settings of one do not reach the other`,
  );
}

const LOADED = Symbol.for("flambeau.copies");

/**
 * Makes a copy known to those that are loaded after it in this program, and warns where it is not the first.
 *
 * @internal
 */
export function announce(copy: Copy): void {
  const here = globalThis as { [LOADED]?: Record<string, Copy> };
  here[LOADED] ??= {};
  const first = here[LOADED][copy.name];
  if (first === undefined) here[LOADED][copy.name] = copy;
  else warnOfCopies(first, copy);
}
