/**
 * A file as it is written, part by part.
 *
 * @internal
 */
export interface FileParts {
  /** How many bytes all parts have together. */
  readonly size: number;
  /** The parts in order. Each is the caller's until the next one is asked for. */
  parts(): AsyncGenerator<Uint8Array>;
}
