/** Long enough for an engine to have optimized what a training step runs through, in milliseconds. */
const WARM_UP = 500;

/** Microseconds a call takes: the median over rounds of the mean over many calls, after a warm-up. */
export function microseconds(
  body: () => void,
  options: { readonly milliseconds?: number; readonly rounds?: number } = {},
): number {
  const { milliseconds = 60, rounds = 7 } = options;
  let calls = 1;
  for (let spent = 0; spent < WARM_UP; ) spent += time(body, 100);
  for (let spent = 0; spent < milliseconds; calls *= 2) spent = time(body, calls);
  const samples = Array.from({ length: rounds }, () => (time(body, calls) * 1000) / calls);
  return samples.sort((a, b) => a - b)[Math.floor(rounds / 2)];
}

function time(body: () => void, calls: number): number {
  const start = performance.now();
  for (let i = 0; i < calls; i++) body();
  return performance.now() - start;
}
