export { binomial } from "./binomial.ts";
export type { FloatArray } from "./check.ts";
export { cauchy, exponential } from "./continuous.ts";
export { bernoulli, bernoulliEach, geometric } from "./discrete.ts";
export {
  checkGenerator,
  defaultGenerator,
  Generator,
  generatorOf,
  getRngState,
  initialSeed,
  manualSeed,
  seed,
  setRngState,
} from "./generator.ts";
export { randint, random } from "./integers.ts";
export { Mt19937 } from "./mt19937.ts";
export { multinomial, multinomialChoice, multinomialDraws } from "./multinomial.ts";
export { logNormal, normal } from "./normal.ts";
export { poisson } from "./poisson.ts";
export { randperm } from "./randperm.ts";
export { uniform } from "./uniform.ts";
