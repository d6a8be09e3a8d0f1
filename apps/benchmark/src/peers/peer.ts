/** A library, ready to work. */
export interface Started<Api> {
  readonly api: Api;
  readonly version: string;
  /** The threads it computes with: those asked for, or 1 where it has none. */
  readonly threads: number;
  /** What the device calls itself. */
  readonly adapter?: string;
}
