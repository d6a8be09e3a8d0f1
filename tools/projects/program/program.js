// What the program of every project does: it trains a little, prints what has a class's name in it, and multiplies matrices until
// a worker thread has taken part, or a warning has said why none can.
import {
  getNumThreads,
  manualSeed,
  nn,
  optim,
  randn,
  ShapeError,
  setNumThreads,
  setWarningHandler,
  summary,
} from "flambeau";

/** A user's own class: bundlers rename it, unless they are told not to. */
class Net extends nn.Module {
  hidden = new nn.Linear(2, 3);
  activation = new nn.ReLU();
  out = new nn.Linear(3, 1);

  forward(x) {
    return this.out(this.activation(this.hidden(x)));
  }
}

export async function run(print) {
  manualSeed(0);
  const model = new Net();
  const [first, ...rest] = String(model).split("\n");
  print(`own class: ${first === "Net(" ? "Net" : "renamed"}`);
  print(rest.join(" ").replace(/\s+/g, " ").trim());
  print(
    String(summary(model, [2]))
      .match(/(Linear|ReLU): 1-\d/g)
      .join(", "),
  );
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
  print(String(optimizer).split("\n")[0]);
  try {
    model(randn([1, 5]));
  } catch (error) {
    print(`${error.name} ${error.constructor.name} ${error instanceof ShapeError}`);
  }
  const [x, y] = [randn([64, 2]), randn([64, 1])];
  const criterion = new nn.MSELoss();
  let loss;
  for (let step = 0; step < 20; step++) {
    optimizer.zeroGrad();
    loss = criterion(model(x), y);
    loss.backward();
    optimizer.step();
  }
  print(`loss ${(await loss.item()).toFixed(4)}`);
  print(`threads: ${await threads()}`);
}

/** How many threads have worked on a product, and what was warned of. */
async function threads() {
  const warnings = [];
  const before = setWarningHandler((text) => warnings.push(text));
  const taken = watchWorkers();
  setNumThreads(2);
  const a = randn([512, 512]);
  // Only a hang lasts until then.
  const end = Date.now() + 60_000;
  while (getNumThreads() > 1 && taken() === 0 && Date.now() < end) {
    a.matmul(a);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  setWarningHandler(before);
  return [taken() > 0 ? 2 : 1, `of ${getNumThreads()}`, ...warnings].join(" ");
}

/** Sees which memory workers are given: a word of it counts the tasks that they have taken (`TAKEN` of the CPU device). */
function watchWorkers() {
  const mailboxes = [];
  const node = globalThis.process?.getBuiltinModule?.("node:worker_threads");
  const prototype = (node?.Worker ?? globalThis.Worker)?.prototype;
  if (prototype !== undefined) {
    const { postMessage } = prototype;
    prototype.postMessage = function (message, ...others) {
      if (message?.mailbox) mailboxes.push(message.mailbox);
      return postMessage.call(this, message, ...others);
    };
  }
  return () => mailboxes.reduce((sum, mailbox) => sum + new Int32Array(mailbox)[4], 0);
}
