import type { SignalLike } from "./api.ts";

/** @throws the signal's reason, an AbortError unless the program gave another one, when it was aborted. */
export function checkSignal(signal: SignalLike | undefined): void {
  if (signal?.aborted) throw signal.reason;
}

/** Waits for a promise, or for the signal: whichever is first. */
export async function abortable<T>(signal: SignalLike | undefined, promise: Promise<T>): Promise<T> {
  if (signal === undefined) return promise;
  let listener = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    listener = () => reject(signal.reason);
    signal.addEventListener("abort", listener);
    if (signal.aborted) listener();
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", listener);
  }
}
