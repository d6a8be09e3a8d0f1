/**
 * The web standards beyond ECMAScript that library code may use: what every browser, Node, Deno and Bun have alike.
 * Declared here, as far as it is used, because TypeScript offers them only together with a whole runtime's globals.
 */
declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input?: ArrayBufferView | ArrayBuffer): string;
}
