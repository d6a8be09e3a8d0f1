/** What takes the text of a warning. */
export type WarningHandler = (message: string) => void;

let handler: WarningHandler | null = null;

/**
 * How often the handler was set: what warns once of a state of things warns each handler once.
 *
 * @internal
 */
export let handlersSet = 0;

/**
 * Sets what becomes of warnings: of calls that do what they say, and seldom what was meant. By default each text is printed
 * once, with `console.warn`; a handler gets all of them, and null drops them. A handler that throws makes them errors.
 *
 * @returns the handler until now, to set again.
 *
 * @example
 * ```ts
 * import { F, setWarningHandler, tensor } from "flambeau";
 *
 * const texts: string[] = [];
 * const before = setWarningHandler((text) => texts.push(text));
 * F.mseLoss(tensor([[1], [2]]), tensor([1, 2]));
 * setWarningHandler(before);
 * console.log(texts.length);
 * // 1
 * ```
 */
export function setWarningHandler(next: WarningHandler | null): WarningHandler | null {
  const before = handler;
  handler = next;
  handlersSet++;
  return before;
}

/**
 * Warns the user, unless warnings are dropped: {@link setWarningHandler} says what becomes of it.
 *
 * @example
 * ```ts
 * import { setWarningHandler, warn } from "@flambeau/backend";
 *
 * const texts: string[] = [];
 * const before = setWarningHandler((text) => texts.push(text));
 * warn("this layer has no parameters");
 * setWarningHandler(before);
 * console.log(texts);
 * // [ 'this layer has no parameters' ]
 * ```
 */
export function warn(message: string): void {
  handler?.(message);
}
