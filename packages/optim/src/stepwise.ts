import { enableGrad, noGrad } from "@flambeau/autograd";
import { DeviceError, isThenable } from "@flambeau/backend";
import { Tensor } from "@flambeau/tensor";

/**
 * A computation that stops where it needs something from outside: `yield "loss"` calls the closure, `yield x` reads a number,
 * from a tensor or as it is. So it is written once for devices that are read at once and for those that take waiting.
 */
export type Steps<R> = Generator<unknown, R, unknown>;

/**
 * Runs a computation without recording, and its closure with it. The result is a promise if the closure's is one.
 *
 * @throws DeviceError when the closure gave no promise, and a number takes waiting.
 */
export function run<T>(what: string, steps: Steps<unknown>, closure: () => T): T {
  const provide = (wanted: unknown): unknown => {
    if (wanted === "loss") return enableGrad(closure);
    if (!(wanted instanceof Tensor)) return wanted;
    return wanted.storage.backend.downloadSync === undefined ? wanted.item() : wanted.itemSync();
  };
  const next = (value: unknown): IteratorResult<unknown, unknown> => noGrad(() => steps.next(value));
  let at = next(undefined);
  while (!at.done) {
    const value = provide(at.value);
    if (at.value === "loss" && isThenable(value)) return wait(next, provide, value) as T;
    if (isThenable(value)) {
      throw new DeviceError(
        `${what}: its numbers cannot be read at once on this device; give a closure that returns a promise, and await the step: await optimizer.step(async () => { ...; return loss; })`,
      );
    }
    at = next(value);
  }
  return at.value as T;
}

async function wait(
  next: (value: unknown) => IteratorResult<unknown, unknown>,
  provide: (wanted: unknown) => unknown,
  first: PromiseLike<unknown>,
): Promise<unknown> {
  let at = next(await first);
  while (!at.done) at = next(await provide(at.value));
  return at.value;
}
