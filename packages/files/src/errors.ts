import { FlambeauError } from "@flambeau/backend";

/**
 * A file, folder or address that cannot be read or written: it is not there, access is refused, the disk is full, a stream ends early.
 *
 * @example
 * ```ts
 * import { FileError, load } from "@flambeau/files";
 *
 * try {
 *   await load("no-such-folder/model.pt");
 * } catch (error) {
 *   if (error instanceof FileError) console.log(error.target, error.code);
 *   // no-such-folder/model.pt ENOENT
 * }
 * ```
 */
export class FileError extends FlambeauError {
  override name: string = "FileError";
  /** The path or address. */
  readonly target: string;
  /** The system's code of the error, such as "ENOENT", or null. */
  readonly code: string | null;

  constructor(target: string, message: string, cause?: unknown) {
    super(`${target}: ${message}`);
    this.target = target;
    const { code } = (cause ?? {}) as { readonly code?: unknown };
    this.code = typeof code === "string" ? code : null;
    if (cause !== undefined) this.cause = cause;
  }
}

/**
 * A download that failed: the server refused it, the connection was lost too often, or what came is not what was announced.
 *
 * @example
 * ```ts
 * import { DownloadError, load } from "@flambeau/files";
 *
 * try {
 *   await load(new Response("", { status: 404 }), { format: "pt" });
 * } catch (error) {
 *   if (error instanceof DownloadError) console.log(error.status);
 *   // 404
 * }
 * ```
 */
export class DownloadError extends FileError {
  override name: string = "DownloadError";
  /** The server's status, or null where there was no answer, or none that was at fault. */
  readonly status: number | null;

  constructor(target: string, message: string, status: number | null = null, cause?: unknown) {
    super(target, message, cause);
    this.status = status;
  }
}

const ADVICE: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EACCES: "access is refused; check the permissions",
  EPERM: "access is refused; check the permissions",
  EISDIR: "it is a folder; name a file in it",
  ENOTDIR: "a part of the path is a file, no folder",
  EEXIST: "there is a file where a folder should be, or another one of that name",
  ELOOP: "its links lead round in a circle",
  ENAMETOOLONG: "the name is too long",
  ENOSPC: "the disk is full",
  EDQUOT: "the user's share of the disk is used up",
  EMFILE: "too many files are open",
  EROFS: "the disk is read-only",
  NotCapable: "Deno may not access it; run with --allow-read and --allow-write",
  PermissionDenied: "Deno may not access it; run with --allow-read and --allow-write",
  NotFoundError: "there is no such file or folder",
  TypeMismatchError: "there is a folder where a file should be, or a file where a folder should be",
  NotAllowedError: "the page has no permission; call it from a click, or ask with requestPermission()",
  NotReadableError: "it cannot be read any more; was it changed or removed since it was chosen?",
  NoModificationAllowedError: "it is locked by another writer",
  QuotaExceededError: "the page's storage is full",
};

/** What a runtime threw, as an error of this library's that names the target. What is one already stays. */
export function fileError(target: string, error: unknown): Error {
  if (error instanceof FlambeauError) return error;
  const { code, name, message } = (error ?? {}) as Partial<Record<"code" | "name" | "message", unknown>>;
  const advice = ADVICE[String(code)] ?? ADVICE[String(name)];
  return new FileError(target, advice ?? `it cannot be used (${message ?? error})`, error);
}
