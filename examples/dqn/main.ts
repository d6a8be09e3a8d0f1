/** A network that learns what each push of a cart is worth, from a memory of pushes: DQN. After PyTorch's tutorial of it. */
import { plotLines } from "@flambeau/plot";
import {
  cat,
  F,
  manualSeed,
  nn,
  noGrad,
  optim,
  rand,
  randint,
  randperm,
  type Tensor,
  tensor,
  zeros,
} from "flambeau";
import { CartPole } from "../shared/cartpole.ts";
import type { Run } from "../shared/run.ts";

const batchSize = 128;
const gamma = 0.99;
const epsStart = 0.9;
const epsEnd = 0.05;
const epsDecay = 1000;
const tau = 0.005;
const lr = 1e-3;

/** The next state is null where the pole fell. */
type Transition = [state: Tensor, action: Tensor, nextState: Tensor | null, reward: Tensor];

class ReplayMemory {
  readonly capacity: number;
  memory: Transition[] = [];

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  push(...transition: Transition): void {
    this.memory.push(transition);
    if (this.memory.length > this.capacity) this.memory.shift();
  }

  sample(batchSize: number): Transition[] {
    const indices = randperm(this.memory.length).at(`:${batchSize}`).tolist() as number[];
    return indices.map((i) => this.memory[i]);
  }

  get length(): number {
    return this.memory.length;
  }
}

class DQN extends nn.Module {
  layer1: nn.Linear;
  layer2: nn.Linear;
  layer3: nn.Linear;

  constructor(nObservations: number, nActions: number) {
    super();
    this.layer1 = new nn.Linear(nObservations, 128);
    this.layer2 = new nn.Linear(128, 128);
    this.layer3 = new nn.Linear(128, nActions);
  }

  override forward(x: Tensor): Tensor {
    x = F.relu(this.layer1(x));
    x = F.relu(this.layer2(x));
    return this.layer3(x);
  }
}

export async function main(run: Run): Promise<void> {
  const { device } = run;
  manualSeed(0);
  const env = new CartPole();
  const policyNet = new DQN(4, 2).to(device);
  const targetNet = new DQN(4, 2).to(device);
  targetNet.loadStateDict(policyNet.stateDict());
  const optimizer = new optim.AdamW(policyNet.parameters(), { lr, amsgrad: true });
  const criterion = new nn.SmoothL1Loss();
  const memory = new ReplayMemory(10000);
  let stepsDone = 0;

  async function selectAction(state: Tensor): Promise<Tensor> {
    const eps = epsEnd + (epsStart - epsEnd) * Math.exp(-stepsDone / epsDecay);
    if ((await rand([1]).item()) > eps) return noGrad(() => policyNet(state).argmax(1).view([1, 1]));
    return randint(2, [1, 1]).to(device);
  }

  async function optimizeModel(): Promise<void> {
    const transitions = memory.sample(batchSize);
    const nextStates = transitions.map(([, , next]) => next);
    const stateBatch = cat(transitions.map(([state]) => state));
    const actionBatch = cat(transitions.map(([, action]) => action));
    const rewardBatch = cat(transitions.map(([, , , reward]) => reward));
    const nonFinalMask = tensor(
      nextStates.map((s) => s !== null),
      { device },
    );
    const nonFinalNextStates = cat(nextStates.filter((s) => s !== null));

    // Q(s, a) of the actions that were taken, and V(s') by the older network.
    const stateActionValues = policyNet(stateBatch).gather(1, actionBatch);
    const nextStateValues = zeros([batchSize], { device });
    noGrad(() => nextStateValues.set([nonFinalMask], targetNet(nonFinalNextStates).amax(1)));
    const expectedStateActionValues = nextStateValues.mul(gamma).add(rewardBatch);

    const loss = criterion(stateActionValues, expectedStateActionValues.unsqueeze(1));
    optimizer.zeroGrad();
    loss.backward();
    nn.utils.clipGradValue_(policyNet.parameters(), 100);
    optimizer.step();
    await run.loss(loss);
  }

  function updateTarget(): void {
    const [target, policy] = [targetNet.stateDict(), policyNet.stateDict()];
    for (const key in policy) target[key] = policy[key].mul(tau).add(target[key].mul(1 - tau));
    targetNet.loadStateDict(target);
  }

  const length = run.length(150);
  const { done: first, extra } = await run.resume({ model: policyNet, optimizer });
  let durations: number[] = [];
  if (first > 0) {
    const saved = extra as Extra;
    ({ durations, stepsDone } = saved);
    targetNet.loadStateDict(saved.target);
    memory.memory = saved.memory.map((t) => t.map((x) => x?.to(device) ?? null) as Transition);
  }
  for (const episode of run.steps(first, length)) {
    let [state, done] = [tensor([env.reset()], { device }), false];
    let duration = 0;
    while (!done) {
      const action = await selectAction(state);
      const { state: observation, reward, terminated, truncated } = env.step(await action.item());
      done = terminated || truncated;
      const nextState = terminated ? null : tensor([observation], { device });
      memory.push(state, action, nextState, tensor([reward], { device }));
      if (nextState !== null) state = nextState;
      stepsDone++;
      duration++;
      if (memory.length >= batchSize) {
        await optimizeModel();
        updateTarget();
      }
    }
    durations.push(duration);

    if ((episode + 1) % 10 === 0) {
      const mean = durations.slice(-10).reduce((sum, n) => sum + n, 0) / 10;
      run.print(`episode ${episode + 1}: the last ten took ${mean.toFixed(1)} steps`);
    }
    if ((episode + 1) % 50 === 0 || episode + 1 === length) {
      const extra: Extra = { durations, stepsDone, target: targetNet.stateDict(), memory: memory.memory };
      await run.save(episode + 1, { model: policyNet, optimizer, extra });
    }
  }

  const labels = { xLabel: "episode", yLabel: "steps", title: "How long the pole stood" };
  await run.figure("durations", await plotLines(durations, labels));
}

/** What a run goes on from, beside the network that plays and its optimizer. */
interface Extra {
  durations: number[];
  stepsDone: number;
  target: nn.StateDict;
  memory: Transition[];
}
