/** A file that is read, wherever it is. */
export interface Input {
  /** What it is called in messages: its path or address. */
  readonly name: string;
  /** How many bytes there are, or null where that is not known. */
  readonly size: number | null;
  /**
   * The bytes from `start` to before `end`; the caller's until the next call. A stream only goes forward.
   *
   * @throws FileError when there are fewer.
   */
  read(start: number, end: number): Promise<Uint8Array>;
  /** The first bytes, at most so many, which can be read again. */
  peek(count: number): Promise<Uint8Array>;
  /** All bytes, in an array of their own. */
  readAll(): Promise<Uint8Array>;
  /** @throws FormatError when a stream goes on after what was read. */
  finish(): Promise<void>;
  close(): Promise<void>;
}
