/** Every runtime has it, and no standard of the language says so. */
interface Surroundings {
  readonly console?: { warn(text: string): void };
}

const shown = new Set<string>();

/**
 * Prints a warning, each text once: a loop warns of the same thing at every step.
 *
 * @internal
 */
export function printWarning(message: string): void {
  if (shown.has(message)) return;
  shown.add(message);
  (globalThis as Surroundings).console?.warn(`Warning: ${message}`);
}
