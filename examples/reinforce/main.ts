/** A policy that learns to balance a pole by trial: REINFORCE. After PyTorch's example of it. */
import { plotLines } from "@flambeau/plot";
import { cat, distributions, F, finfo, manualSeed, nn, optim, type Tensor, tensor } from "flambeau";
import { CartPole } from "../shared/cartpole.ts";
import type { Run } from "../shared/run.ts";

const { Categorical } = distributions;

const gamma = 0.99;
const eps = finfo("float32").eps;

class Policy extends nn.Module {
  affine1 = new nn.Linear(4, 128);
  dropout = new nn.Dropout({ p: 0.6 });
  affine2 = new nn.Linear(128, 2);

  override forward(x: Tensor): Tensor {
    x = this.affine1(x);
    x = this.dropout(x);
    x = F.relu(x);
    return F.softmax(this.affine2(x), 1);
  }
}

/** Of each step the sum of the rewards from there on, later ones worth less. */
function discounted(rewards: number[]): Tensor {
  let R = 0;
  const returns: number[] = [];
  for (const r of rewards.toReversed()) {
    R = r + gamma * R;
    returns.unshift(R);
  }
  return tensor(returns);
}

export async function main(run: Run): Promise<void> {
  manualSeed(543);
  const env = new CartPole();
  const policy = new Policy().to(run.device);
  const optimizer = new optim.Adam(policy.parameters(), { lr: 1e-2 });

  const length = run.length(500);
  const start = await run.resume({ model: policy, optimizer });
  let { runningReward, durations } = (start.extra as Extra | null) ?? { runningReward: 10, durations: [] };
  for (const episode of run.steps(start.done, length)) {
    let [state, done] = [env.reset(), false];
    const logProbs: Tensor[] = [];
    const rewards: number[] = [];
    while (!done) {
      const probs = policy(tensor([state], { device: run.device }));
      const m = new Categorical(probs);
      const action = m.sample();
      logProbs.push(m.logProb(action));
      const next = env.step(await action.item());
      rewards.push(next.reward);
      state = next.state;
      done = next.terminated || next.truncated;
    }
    runningReward = 0.05 * rewards.length + 0.95 * runningReward;
    durations.push(rewards.length);

    let returns = discounted(rewards).to(run.device);
    returns = returns.sub(returns.mean()).div(returns.std().add(eps));
    const loss = cat(logProbs).mul(returns).sum().neg();
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    await run.loss(loss);

    const solved = runningReward > 475;
    if ((episode + 1) % 10 === 0)
      run.print(
        `episode ${episode + 1}: last reward ${rewards.length}, average reward ${runningReward.toFixed(2)}`,
      );
    if ((episode + 1) % 50 === 0 || episode + 1 === length || solved)
      await run.save(episode + 1, { model: policy, optimizer, extra: { runningReward, durations } });
    if (solved) {
      run.print(`solved: the average reward is ${runningReward.toFixed(2)}`);
      break;
    }
  }

  const labels = { xLabel: "episode", yLabel: "steps", title: "How long the pole stood" };
  await run.figure("durations", await plotLines(durations, labels));
}

interface Extra {
  runningReward: number;
  durations: number[];
}
