/** Checked access to the bytes of a file. */
import { localArray } from "@flambeau/backend";

/** The same bytes in an array of this realm, whatever realm or subclass they came in: `Buffer.slice` makes no copy. */
export function localBytes(bytes: Uint8Array): Uint8Array {
  const local = localArray(bytes);
  return new Uint8Array(local.buffer, local.byteOffset, local.byteLength);
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Text as UTF-8, or null where the bytes are none. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
