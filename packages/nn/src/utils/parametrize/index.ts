/**
 * `torch.nn.utils.parametrize`: tensors of modules that are computed from others.
 *
 * @module
 */
export { cached } from "./cache.ts";
export { type Parametrization, ParametrizationList } from "./list.ts";
export {
  isParametrized,
  registerParametrization,
  removeParametrizations,
  typeBeforeParametrizations,
} from "./register.ts";
