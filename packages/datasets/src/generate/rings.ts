import { quote, ValueError } from "@flambeau/backend";
import { checkRandomState, type RandomState, type RandomStateLike } from "../numpy/random-state.ts";
import { addNoise, checkCount, checkDeviation, type Labelled, labels, shuffled } from "./table.ts";

/** What circles and moons have in common. */
export interface RingOptions {
  /** The number of samples, halved between the classes (the second gets the odd one), or that of each. Default: 100. */
  nSamples?: number | readonly [number, number];
  /** Whether to put the samples in random order. Default: true. */
  shuffle?: boolean;
  /** The standard deviation of the normal noise added to the samples; null adds none. Default: null. */
  noise?: number | null;
  /** A seed, a stream to go on from, or null for {@link numpyRandom}. Default: null. */
  randomState?: RandomStateLike;
}

/** Options of circles. */
export interface CirclesOptions extends RingOptions {
  /** The radius of the inner circle, in [0, 1). Default: 0.8. */
  factor?: number;
}

/** A point of a curve, by the angle and the class. */
type Curve = (angle: number, label: number) => readonly [x: number, y: number];

/** A large circle around a smaller one. Source: scikit-learn 1.2, `make_circles`. */
export function circles({ factor = 0.8, ...options }: CirclesOptions): Labelled {
  if (!(factor >= 0 && factor < 1))
    throw new ValueError(`factor must lie in [0, 1), but got ${quote(factor)}`);
  const radius = [1, factor];
  const curve: Curve = (angle, label) => [Math.cos(angle) * radius[label], Math.sin(angle) * radius[label]];
  return rings(options, 2 * Math.PI, false, curve);
}

/** Two half circles that interleave. Source: scikit-learn 1.2, `make_moons`. */
export function moons(options: RingOptions): Labelled {
  const curve: Curve = (angle, label) =>
    label === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 1 - Math.sin(angle) - 0.5];
  return rings(options, Math.PI, true, curve);
}

function rings(
  { nSamples = 100, shuffle = true, noise = null, randomState }: RingOptions,
  end: number,
  endpoint: boolean,
  curve: Curve,
): Labelled {
  const counts = countsOf(nSamples);
  if (noise !== null) checkDeviation("noise", noise);
  const random: RandomState = checkRandomState(randomState);
  const points = counts.flatMap((count, label) =>
    angles(end, count, endpoint).flatMap((angle) => curve(angle, label)),
  );
  const X = { data: Float64Array.from(points), shape: [counts[0] + counts[1], 2] };
  const result = shuffled(random, { X, y: labels(counts) }, shuffle);
  addNoise(random, result.X.data, noise);
  return result;
}

function countsOf(nSamples: number | readonly [number, number]): readonly [number, number] {
  if (typeof nSamples === "number") {
    checkCount("nSamples", nSamples, 1);
    const outer = Math.floor(nSamples / 2);
    return [outer, nSamples - outer];
  }
  if (nSamples.length !== 2) throw new ValueError("nSamples must be a number or the two classes' numbers");
  for (const count of nSamples) checkCount("nSamples", count, 0);
  return nSamples;
}

/** `count` angles from 0 to `end`, evenly spaced (`numpy.linspace`). */
function angles(end: number, count: number, endpoint: boolean): number[] {
  const steps = endpoint ? count - 1 : count;
  const step = steps === 0 ? 0 : end / steps;
  return Array.from({ length: count }, (_, i) => (endpoint && i > 0 && i === steps ? end : i * step));
}
