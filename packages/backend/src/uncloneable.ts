/**
 * A device holds this in a field: `structuredClone` and `postMessage` throw a DataCloneError with this text for the device, and
 * so for every tensor on it. Without it they would give a plain object that is no tensor, with a view of all memory that
 * the device shares with its threads.
 *
 * @internal
 */
export const UNCLONEABLE: symbol = Symbol(
  "a tensor (send await x.toArray(), or await toNpy(x), and make a tensor of it there)",
);
