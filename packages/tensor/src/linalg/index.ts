export { type LeastSquares, lstsq } from "./lstsq.ts";
