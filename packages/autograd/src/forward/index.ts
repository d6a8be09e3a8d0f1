export { hvp } from "./hvp.ts";
export { hessian, jacfwd, jacrev } from "./jacobian.ts";
export { jvp } from "./jvp.ts";
export { type Pullback, vjp } from "./vjp.ts";
