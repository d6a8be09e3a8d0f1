/**
 * The methods among functions of which most are none.
 *
 * @module
 */
export { inner } from "./products.ts";
export { aminmax, corrcoef, cov, kthvalue, quantile } from "./quantiles.ts";
export { diff, fliplr, flipud, rot90 } from "./rearrange.ts";
export { nanToNum } from "./search.ts";
