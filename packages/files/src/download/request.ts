import { DownloadError } from "../errors.ts";
import { here, type ResponseLike, type SignalLike, serverProcess } from "../runtime/api.ts";
import { abortable } from "../runtime/signal.ts";

const MOST_REDIRECTS = 10;

/** A server's answer, at the end of its redirects. */
export interface Answer {
  readonly response: ResponseLike;
  /** SHA-256 of the file in hexadecimal, where a redirect on the way announced it, as Hugging Face's do. */
  readonly sha256: string | null;
}

/** The connection was not made, or lost: worth another attempt. */
export class Lost extends Error {}

/**
 * Gets an address. Redirects are followed here where the runtime lets them be seen, so that a token is sent to no other origin; browsers
 * follow them by themselves, and keep to the same rule.
 *
 * @throws Lost when there is no connection; DownloadError for a redirect that leads nowhere.
 */
export async function request(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: SignalLike | undefined,
): Promise<Answer> {
  const redirect = serverProcess() === undefined ? "follow" : "manual";
  const { origin } = new here.URL(url);
  let at = url;
  let sha256: string | null = null;
  for (let i = 0; i <= MOST_REDIRECTS; i++) {
    const own = new here.URL(at).origin === origin ? headers : without(headers, "authorization");
    const options = { headers: own, redirect, ...(signal === undefined ? {} : { signal }) } as const;
    const response = await abortable(signal, here.fetch(at, options)).catch((error: unknown) => {
      if (signal?.aborted) throw signal.reason;
      throw new Lost(messageOf(error), { cause: error });
    });
    sha256 ??= hashOf(response.headers.get("x-linked-etag"));
    const location = response.headers.get("location");
    if (response.status < 300 || response.status > 399 || response.status === 304 || location === null)
      return { response, sha256 };
    await response.body?.getReader().cancel();
    at = new here.URL(location, at).href;
    if (!/^https?:/.test(at)) throw new DownloadError(url, `it redirects to ${at}, which is no http address`);
  }
  throw new DownloadError(url, `it redirects more than ${MOST_REDIRECTS} times`);
}

function without(headers: Readonly<Record<string, string>>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([key]) => key.toLowerCase() !== name));
}

/** The message of the cause, where undici has only "fetch failed". */
function messageOf(error: unknown): string {
  const { message, cause } = error as {
    readonly message?: string;
    readonly cause?: { readonly message?: string };
  };
  return cause?.message || message || String(error);
}

/** The hash that an ETag is, if it is one. */
function hashOf(etag: string | null): string | null {
  return /^"?([0-9a-f]{64})"?$/.exec(etag ?? "")?.[1] ?? null;
}
