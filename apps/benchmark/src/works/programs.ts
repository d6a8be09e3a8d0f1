/** The whole programs of `examples/`, timed from their first step to their last. They are natural code: nothing is disposed of. */
import { Session } from "../../../../examples/shared/session.ts";
import { ndarray } from "../arrays.ts";
import type { Body, Work } from "../work.ts";

/** What each is in the table, how many epochs, episodes or steps it takes, and how many losses it notes in them. */
const programs: Readonly<Record<string, readonly [title: string, length: number, steps: number]>> = {
  "char-gpt": ["character GPT", 40, 39],
  dcgan: ["DCGAN", 30, 29],
  "digits-cnn": ["CNN on digits", 2, 45],
  dqn: ["deep Q-network", 14, 143],
  "graph-network": ["graph network", 100, 99],
  "lstm-names": ["LSTM names", 2, 45],
  "makemore-mlp": ["makemore MLP", 500, 499],
  pinn: ["physics-informed network", 100, 99],
  reinforce: ["REINFORCE", 10, 9],
  tabular: ["table with categories", 4, 51],
  "time-series": ["time series, LBFGS in float64", 2, 1],
  vae: ["VAE", 4, 91],
};

/** One run of a program is one call. The time before its second step, in which it makes its data and its model, is no step's. */
function bodyOf(name: string, length: number, steps: number): Body {
  const run = async (): Promise<{ readonly losses: readonly number[]; readonly milliseconds: number }> => {
    let first = 0;
    let last = 0;
    const onStep = (step: number): void => {
      last = performance.now();
      if (step === 1) first = last;
    };
    const session = new Session({ device: "cpu", length, print: () => {}, onStep });
    await session.run(name);
    const { losses } = session;
    if (losses.length !== steps + 1) throw new Error(`${name} took ${losses.length} steps, not ${steps + 1}`);
    return { losses, milliseconds: last - first };
  };
  return {
    run,
    time: async () => (await run()).milliseconds,
    results: async () => {
      const { losses } = await run();
      return { losses: ndarray([losses.length], [...losses]) };
    },
  };
}

export const works: readonly Work[] = Object.entries(programs).map(([name, [title, length, steps]]) => ({
  id: `programs/${name}`,
  title: `program: ${title}`,
  stepsPerCall: steps,
  tolerance: 1e-3,
  inputs: () => ({}),
  flambeau: () => bodyOf(name, length, steps),
  jax: "has no such program",
  tfjs: "has no such program",
  torch: { file: "programs", arguments: { name, length } },
}));
