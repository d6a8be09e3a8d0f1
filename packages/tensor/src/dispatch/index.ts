/**
 * What other packages run their own kernels with, so that hooks see them.
 *
 * @module
 * @internal
 */
export { grouped, observed, observer } from "./observe.ts";
