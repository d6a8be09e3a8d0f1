export { type LeastSquares, lstsq } from "./lstsq.ts";
export { lstsqFullRank } from "./lstsq-full-rank.ts";
export { lstsqSvd } from "./lstsq-svd.ts";
