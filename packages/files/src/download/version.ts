/** Which version of a file a server has, by its answers. Source: RFC 9110, sections 8.8, 13.1.5, 14.4 and 15.3.7. */
import { lengthOf } from "../input/response.ts";
import type { ResponseLike } from "../runtime/api.ts";

export interface Version {
  /** The strong ETag, or null where the server gives none. */
  readonly etag: string | null;
  /** Without any ETag, the date of the last change where it stands for one version only, or null. */
  readonly modified: string | null;
  readonly size: number | null;
  readonly sha256: string | null;
}

export const UNKNOWN: Version = { etag: null, modified: null, size: null, sha256: null };

/** What a part is told from a part of another version by, or null: then nothing is gone on with. */
export function validatorOf({ etag, modified }: Version): string | null {
  return etag ?? modified;
}

export function versionOf(response: ResponseLike, sha256: string | null): Version {
  const { headers } = response;
  const etag = headers.get("etag");
  return {
    etag: strong(etag),
    modified: etag === null ? lastChange(headers) : null,
    size: lengthOf(response),
    sha256,
  };
}

/** Weak ETags stand for files that differ in bytes. */
function strong(etag: string | null): string | null {
  return etag === null || etag.startsWith("W/") ? null : etag;
}

/** Dates have seconds: a file that changed in the second of the answer can change again and keep its date. */
function lastChange(headers: ResponseLike["headers"]): string | null {
  const modified = headers.get("last-modified");
  const seconds = (Date.parse(headers.get("date") ?? "") - Date.parse(modified ?? "")) / 1000;
  return seconds >= 1 ? modified : null;
}

/** Whether an answer is of the version that is known. One with a range need not repeat the date that it was asked for with. */
export function isSameVersion(
  { status, headers }: ResponseLike,
  size: number | null,
  known: Version,
): boolean {
  if (known.size !== null && size !== null && known.size !== size) return false;
  if (known.etag !== null) return headers.get("etag") === known.etag;
  const modified = headers.get("last-modified");
  return known.modified !== null && (modified === known.modified || (status === 206 && modified === null));
}

/** Where the bytes of a partial answer lie, and how many the whole file has; null where the answer does not say it. */
export function rangeOf({ headers }: ResponseLike): { start: number; size: number | null } | null {
  const found = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(headers.get("content-range") ?? "");
  if (found === null) return null;
  const [start, last] = [Number(found[1]), Number(found[2])];
  const size = found[3] === "*" ? null : Number(found[3]);
  return last < start || (size !== null && last >= size) ? null : { start, size };
}

/** How many bytes a file has that has not the range that was asked for, or null. */
export function sizeWithoutRange({ headers }: ResponseLike): number | null {
  const total = /^bytes \*\/(\d{1,15})$/.exec(headers.get("content-range") ?? "")?.[1];
  return total === undefined ? null : Number(total);
}
