/** The messages between the editors and the worker that runs TypeScript's language service. */

export type Question =
  | { readonly kind: "complete"; readonly cell: number; readonly at: number }
  | { readonly kind: "describe"; readonly cell: number; readonly at: number; readonly name: string }
  | { readonly kind: "hover"; readonly cell: number; readonly at: number }
  | { readonly kind: "check"; readonly cell: number };

export interface Completions {
  /** Where the word that is completed begins. */
  readonly from: number;
  readonly entries: readonly { readonly name: string; readonly sort: string }[];
}

/** What stands at a place: its declaration, and its docstring as Markdown. */
export interface Description {
  readonly from: number;
  readonly to: number;
  readonly signature: string;
  readonly documentation: string;
}

export interface Problem {
  readonly from: number;
  readonly to: number;
  readonly message: string;
  readonly severity: "error" | "warning" | "info";
}

export interface Answers {
  complete: Completions | undefined;
  describe: Description | undefined;
  hover: Description | undefined;
  check: readonly Problem[];
}

/** Each question carries all cells: their text is small, and they share their names. */
export interface Request {
  readonly id: number;
  readonly cells: readonly string[];
  readonly question: Question;
}

export interface Response {
  readonly id: number;
  readonly answer: unknown;
}
