/** Long enough for an engine to have optimized what a training step runs through, in milliseconds. */
const WARM_UP = 500;
/** Of a round, at least. */
const ROUND = 60;
const ROUNDS = 7;

/** Microseconds a call takes: the median over rounds of the mean over many calls, after a warm-up. */
export function microseconds(body: () => void): number {
  let calls = 1;
  for (let spent = 0; spent < WARM_UP; ) spent += time(body, 100);
  for (let spent = 0; spent < ROUND; calls *= 2) spent = time(body, calls);
  const samples = Array.from({ length: ROUNDS }, () => (time(body, calls) * 1000) / calls);
  return samples.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)];
}

function time(body: () => void, calls: number): number {
  const start = performance.now();
  for (let i = 0; i < calls; i++) body();
  return performance.now() - start;
}
