/**
 * What other packages run their own kernels with, so that hooks see them.
 *
 * @module
 * @internal
 */
export { now } from "@flambeau/cpu-backend";
export { grouped, observed, observer } from "./observe.ts";
