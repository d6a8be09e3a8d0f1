/**
 * What other packages run their own kernels with, so that hooks see them.
 *
 * @module
 * @internal
 */
export { now } from "@flambeau/cpu-backend";
export { observed, observedCall, observedModule, observer, observesCalls } from "./observe.ts";
