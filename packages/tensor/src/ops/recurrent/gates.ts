import { E, type Expr, input, MapKernel } from "@flambeau/backend";

const { add, div, exp, mul, neg, sub } = E;

export const sigmoid = (x: Expr): Expr => div(1, add(1, exp(neg(x))));

/** The derivative of the sigmoid, given its value. */
export const sigmoidSlope = (y: Expr): Expr => mul(y, sub(1, y));

/** The derivative of tanh, given its value. */
export const tanhSlope = (y: Expr): Expr => sub(1, mul(y, y));

export const sumKernel: MapKernel = new MapKernel("add", 2, 0, [add(input(0), input(1))]);
