/**
 * Views whose in-place form changes the tensor's own shape.
 *
 * @module
 */
export { squeeze, t, transpose, unsqueeze } from "./views.ts";
