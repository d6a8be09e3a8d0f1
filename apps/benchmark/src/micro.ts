/**
 * What the smallest things cost: an untracked op on small tensors, and a whole training step of each of the chapter's
 * networks (forward, loss, backward, optimizer), on batches of 50 from a DataLoader and without one. `npm run bench:micro`.
 */
import { data, F, manualSeed, nn, optim, rand, randint, randn, type Tensor } from "flambeau";
import { microseconds } from "./timing.ts";

/** The project's targets, in microseconds. */
const OP = 1;
const STEP = 100;

interface Row {
  readonly what: string;
  readonly us: number;
  readonly target: number;
}

function ops(): Row[] {
  const a = randn([50]);
  const b = randn([50]);
  const m = randn([50, 2]);
  const w = randn([2, 5]);
  const work: Record<string, () => void> = {
    "add [50] + [50]": () => a.add(b),
    "mul [50] * 2": () => a.mul(2),
    "relu [50]": () => F.relu(a),
    "exp [50]": () => a.exp(),
    "sum [50]": () => a.sum(),
    "matmul [50, 2] @ [2, 5]": () => m.matmul(w),
    "at(0) of [50, 2]": () => m.at(0),
    "reshape [50] to [5, 10]": () => a.reshape([5, 10]),
  };
  return Object.entries(work).map(([what, body]) => ({ what, us: microseconds(body), target: OP }));
}

type Network = readonly [
  name: string,
  model: nn.Module,
  loss: (x: Tensor, y: Tensor) => Tensor,
  optimizer: "SGD" | "Adam",
  x: Tensor,
  y: Tensor,
];

function networks(): Network[] {
  const mse = new nn.MSELoss();
  const logits = new nn.BCEWithLogitsLoss();
  const classes = new nn.CrossEntropyLoss();
  const { Linear, ReLU, Sequential, Sigmoid } = nn;
  const regress =
    (model: (x: Tensor) => Tensor) =>
    (x: Tensor, y: Tensor): Tensor =>
      mse(model(x).flatten(), y);
  const linear = new Linear(1, 1);
  const multiple = new Linear(3, 1);
  const nonlinear = new Sequential(new Linear(1, 3), new Sigmoid(), new Linear(3, 1));
  const deep = new Sequential(
    new Linear(1, 5),
    new Sigmoid(),
    new Linear(5, 3),
    new Sigmoid(),
    new Linear(3, 1),
  );
  const binary = new Sequential(new Linear(2, 5), new ReLU(), new Linear(5, 1));
  const multi = new Sequential(new Linear(2, 5), new ReLU(), new Linear(5, 4));
  return [
    ["linear regression 1-1, SGD", linear, regress(linear), "SGD", randn([500, 1]), randn([500])],
    ["multiple regression 3-1, SGD", multiple, regress(multiple), "SGD", randn([500, 3]), randn([500])],
    ["sigmoid regression 1-3-1, SGD", nonlinear, regress(nonlinear), "SGD", randn([500, 1]), randn([500])],
    ["deep regression 1-5-3-1, SGD", deep, regress(deep), "SGD", randn([500, 1]), randn([500])],
    [
      "classifier 2-5-1, logits, Adam",
      binary,
      (x, y) => logits(binary(x).flatten(), y),
      "Adam",
      randn([300, 2]),
      rand([300]).round(),
    ],
    [
      "classifier 2-5-4, cross entropy, Adam",
      multi,
      (x, y) => classes(multi(x), y),
      "Adam",
      randn([200, 2]),
      randint(0, 4, [200]),
    ],
  ];
}

function steps(): Row[] {
  const rows: Row[] = [];
  for (const [name, model, loss, kind, x, y] of networks()) {
    const optimizer =
      kind === "SGD"
        ? new optim.SGD(model.parameters(), { lr: 1e-3 })
        : new optim.Adam(model.parameters(), { lr: 1e-3 });
    const step = (xs: Tensor, ys: Tensor): void => {
      optimizer.zeroGrad();
      loss(xs, ys).backward();
      optimizer.step();
    };
    const batch = x.narrow(0, 0, 50).clone();
    const labels = y.narrow(0, 0, 50).clone();
    rows.push({ what: name, us: microseconds(() => step(batch, labels)), target: STEP });
    const loader = new data.DataLoader(new data.TensorDataset(x, y), { batchSize: 50, shuffle: true });
    const epoch = (): void => {
      for (const [xs, ys] of loader) step(xs, ys);
    };
    rows.push({ what: `${name}, DataLoader`, us: microseconds(epoch) / loader.length, target: STEP });
  }
  return rows;
}

function print(title: string, rows: readonly Row[]): void {
  console.log(`\n${title}`);
  for (const { what, us, target } of rows) {
    console.log(
      `  ${what.padEnd(52)} ${us.toFixed(2).padStart(8)} us   ${us <= target ? "within" : "over"} ${target} us`,
    );
  }
}

manualSeed(0);
print("An untracked op on small float32 tensors", ops());
print("A training step on a batch of 50 (forward, loss, backward, optimizer)", steps());
