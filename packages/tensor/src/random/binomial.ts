import { quote } from "@flambeau/backend";
import { checkArgument, type FloatArray } from "./check.ts";
import type { Generator } from "./generator.ts";

/** What the kernel's own dtype rounds to: PyTorch computes a part of the formulas in it. */
type Round = (x: number) => number;

/**
 * Fills an array with samples of binomial distributions, one for each number of trials and probability: `binomial`.
 *
 * Few successes are counted by the gaps between them; many take Hoermann's transformed rejection (1993, BTRS).
 * Source: PyTorch 1.13, `sample_binomial` in `aten/src/ATen/native/Distributions.h`.
 *
 * @throws ValueError when a count is negative or no integer, or a probability does not lie in [0, 1]; nothing is drawn then.
 */
export function binomial(generator: Generator, out: FloatArray, counts: FloatArray, probs: FloatArray): void {
  const wrongCount = counts.findIndex((count) => !(count >= 0 && Number.isInteger(count)));
  checkArgument(wrongCount < 0, `binomial needs counts from 0, but got ${quote(counts[wrongCount])}`);
  const wrong = probs.findIndex((prob) => !(prob >= 0 && prob <= 1));
  checkArgument(wrong < 0, `binomial needs probabilities in [0, 1], but got ${quote(probs[wrong])}`);
  const round: Round = out instanceof Float32Array ? Math.fround : (x) => x;
  for (let i = 0; i < out.length; i++) {
    const [count, prob] = [counts[i], probs[i]];
    if (count === 0 || prob === 0) out[i] = 0;
    else if (prob === 1) out[i] = count;
    else if (prob <= 0.5) out[i] = successes(generator, count, prob, round);
    else out[i] = count - successes(generator, count, round(1 - prob), round);
  }
}

/** Of trials that succeed no more often than they fail. */
function successes(generator: Generator, count: number, prob: number, round: Round): number {
  return round(count * prob) >= 10
    ? rejected(generator, count, prob, round)
    : counted(generator, count, prob, round);
}

function counted(generator: Generator, count: number, prob: number, round: Round): number {
  const logFailure = round(Math.log1p(-prob));
  let trials = 0;
  for (let found = 0; ; found++) {
    trials += Math.ceil(Math.log(generator.uniform53()) / logFailure);
    if (trials > count) return found;
  }
}

function rejected(generator: Generator, count: number, prob: number, round: Round): number {
  const failure = round(1 - prob);
  const mean = round(count * prob);
  const deviation = round(Math.sqrt(round(mean * failure)));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * prob;
  const center = mean + 0.5;
  const within = 0.92 - 4.2 / b;
  const odds = round(prob / failure);
  const alpha = (2.83 + 5.1 / b) * deviation;
  const mode = Math.floor(round(round(count + 1) * prob));
  for (;;) {
    const u = generator.uniform53() - 0.5;
    const v = generator.uniform53();
    const side = 0.5 - Math.abs(u);
    const k = round(Math.floor(((2 * a) / side + b) * u + center));
    if (k < 0 || k > count) continue;
    if (side >= 0.07 && v <= within) return k;
    const height = Math.log((v * alpha) / (a / (side * side) + b));
    const bound =
      (mode + 0.5) * Math.log((mode + 1) / (odds * (count - mode + 1))) +
      (count + 1) * Math.log((count - mode + 1) / (count - k + 1)) +
      (k + 0.5) * Math.log((odds * (count - k + 1)) / (k + 1)) +
      tail(mode) +
      tail(count - mode) -
      tail(k) -
      tail(count - k);
    if (height <= bound) return k;
  }
}

/** By how much `log(k!)` exceeds Stirling's formula at `k + 1`. */
const TAILS: readonly number[] = [
  0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.02079067210376509, 0.0166446911898211,
  0.0138761288230707, 0.0118967099458917, 0.010411265261972, 0.00925546218271273, 0.00833056343336287,
];

function tail(k: number): number {
  if (k <= 9) return TAILS[k];
  const square = (k + 1) ** 2;
  return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1);
}
