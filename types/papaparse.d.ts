/** Papa Parse, as far as files uses it: the types that its users publish bring all of Node's globals (see docs/decisions/own-declarations.md). */
declare module "papaparse" {
  interface ParseError {
    /** "Quotes", "Delimiter" or "FieldMismatch". */
    readonly type: string;
    readonly message: string;
    /** Where in the text it is. */
    readonly index?: number;
  }

  const Papa: {
    parse(
      text: string,
      config: { delimiter: string; newline: string; skipEmptyLines: boolean },
    ): { readonly data: string[][]; readonly errors: readonly ParseError[] };
  };
  export default Papa;
}
