import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type EmittedModel, emitModel } from "@flambeau/export-pytorch";
import {
  arange,
  F,
  full,
  getRngState,
  manualSeed,
  nn,
  ones,
  rand,
  randint,
  randn,
  randnLike,
  type Tensor,
  tensor,
} from "flambeau";
import { samples } from "./models/samples.ts";

const folder = new URL("expected/", import.meta.url);

// Where the frames of tail calls are dropped, the program's lines are not known, and calls are joined otherwise.
const skip = "Bun" in globalThis ? "Bun's stacks do not show all lines" : false;

// check_models.py runs these files in PyTorch against the same models here; write-expected.ts writes them.
for (const [name, make] of Object.entries(samples))
  test(`${name} is written as the kept file has it`, { skip }, () => {
    const { model, ...options } = make();
    assert.equal(emitModel(model, options).source, readFileSync(new URL(`${name}.py`, folder), "utf8"));
  });

test("tensors and keys are those of both state dicts", () => {
  const { model, ...options } = samples.char_gpt();
  const { tensors, keys, random } = emitModel(model, options);
  const state = model.stateDict();
  assert.deepEqual([...keys.keys()].sort(), Object.keys(state).sort());
  assert.deepEqual([...keys.values()].sort(), [...tensors.keys()].sort());
  assert.equal(keys.get("h.0.attn.cAttn.weight"), "h.0.attn.c_attn.weight");
  assert.equal(keys.get("lnF.weight"), "ln_f.weight");
  for (const [key, python] of keys) assert.ok(tensors.get(python)?.equal(state[key]), key);
  assert.equal(random, true);
});

test("keys of the library's own modules are PyTorch's, and constants are buffers", () => {
  const { model, ...options } = samples.transformer();
  const { tensors, keys, random } = emitModel(model, options);
  assert.ok(tensors.has("encoder.layers.1.self_attn.in_proj_weight"));
  assert.deepEqual(tensors.get("constant")?.shape, [6, 8]);
  assert.ok(![...keys.values()].includes("constant"));
  assert.equal(tensors.get("decoder.weight"), tensors.get("embed.weight"));
  assert.equal(random, false);
});

test("the model, its mode, its buffers and the random stream are afterwards as before", () => {
  const { model, ...options } = samples.digits_cnn();
  model.eval();
  const mean = (model as unknown as { bn1: nn.BatchNorm2d }).bn1.runningMean as Tensor;
  const before = mean.tolist();
  manualSeed(5);
  const state = getRngState();
  emitModel(model, options);
  assert.deepEqual(getRngState(), state);
  assert.deepEqual(mean.tolist(), before);
  assert.ok(model.modules().every(({ training }) => !training));
});

/** The lines of a function or class of a source. */
function linesFrom(source: string, start: string): string {
  const lines = source.split("\n");
  const from = lines.findIndex((line) => line.trim().startsWith(start));
  const end = lines.findIndex((line, i) => i > from && (line === "" || i === lines.length - 1));
  return lines
    .slice(from, end)
    .map((line) => line.trim())
    .join("\n");
}

function emit(
  forward: (this: Free, x: Tensor) => unknown,
  loss = (y: Tensor): Tensor => y.sum(),
): EmittedModel {
  const model = new Free(forward);
  return emitModel(model, { inputs: [randn([3, 4])], loss, rest: undefined });
}

class Free extends nn.Module {
  readonly drop = new nn.Dropout(0.5);
  readonly fc = new nn.Linear(4, 4);
  readonly #run: (this: Free, x: Tensor) => unknown;

  constructor(run: (this: Free, x: Tensor) => unknown) {
    super();
    this.#run = run;
  }

  override forward(x: Tensor): Tensor {
    return this.#run(x) as Tensor;
  }
}

const forwardOf = (run: (this: Free, x: Tensor) => unknown): string =>
  linesFrom(emit(run).source, "def forward");

test("operators bind as in Python", { skip }, () => {
  assert.equal(
    // biome-ignore format: calls on one line are joined
    forwardOf((x) => x.add(1).mul(x.sub(x.sub(2))).neg().pow(2).div(x.div(3).mul(2)).matmul(x.T.neg())),
    "def forward(self, x):\nreturn (-((x + 1) * (x - (x - 2)))) ** 2 / (x / 3 * 2) @ -x.T",
  );
  assert.equal(
    forwardOf((x) => x.gt(0).logicalAnd(x.lt(1)).logicalNot().mul(x.rsub(2)).sub(x.reciprocal())),
    "def forward(self, x):\nreturn ~((x > 0) & (x < 1)) * (2 - x) - 1 / x",
  );
});

test("what the modes differ in is self.training, or a branch for each", { skip }, () => {
  assert.equal(
    forwardOf(function (x) {
      return F.dropout(this.fc(x), 0.25, this.training);
    }),
    "def forward(self, x):\nreturn F.dropout(self.fc(x), 0.25, training=self.training)",
  );
  assert.equal(
    forwardOf(function (x) {
      return this.training ? this.fc(x).add(1) : this.fc(x);
    }),
    "def forward(self, x):\nif self.training:\nreturn self.fc(x) + 1\nreturn self.fc(x)",
  );
});

test("gradients stop where they did", { skip }, () => {
  assert.equal(
    forwardOf(function (x) {
      const y = this.fc(x);
      return y.sub(y.detach().mean());
    }),
    "def forward(self, x):\nfc = self.fc(x)\nreturn fc - fc.mean().detach()",
  );
});

test("what is read before a tensor is written over stands before", { skip }, () => {
  assert.equal(
    // biome-ignore format: calls on one line are joined
    forwardOf((x) => { const y = x.mul(2); const total = y.sum(); return F.relu(y, true).add(total); }),
    "def forward(self, x):\nx = x * 2\ntotal = x.sum()\nx = F.relu(x, inplace=True)\nreturn x + total",
  );
  assert.equal(
    // biome-ignore format: calls on one line are joined
    forwardOf((x) => { const y = x.mul(2); const total = y.sum(); y.add_(1); return y.add(total); }),
    "def forward(self, x):\nx = x * 2\ntotal = x.sum()\nx.add_(1)\nreturn x + total",
  );
});

test("a name stays what it is while an expression that uses it is still to be written", { skip }, () => {
  assert.equal(
    // biome-ignore format: what is on another line is not joined
    forwardOf((x) => x.sum().add(
      x.mul(2),
    )),
    "def forward(self, x):\nout = x * 2\nreturn x.sum() + out",
  );
});

test("numbers keep what dtypes they make", { skip }, () => {
  assert.equal(
    forwardOf((x) => x.gt(0).add(0.5).add(x.long().mul(2))),
    "def forward(self, x):\nreturn (x > 0) + 0.5 + x.long() * 2",
  );
  assert.equal(
    forwardOf((x) => x.where(x.gt(0), 1)),
    "def forward(self, x):\nreturn torch.where(x > 0, x, 1.0)",
  );
});

test("tensors that the program makes are on the device of the inputs, of the dtype that they had", {
  skip,
}, () => {
  const made = (run: (x: Tensor) => Tensor): string => forwardOf(run).split("\n")[1];
  assert.equal(
    made((x) => tensor([1, 2.5]).sum().add(x)),
    "return torch.tensor([1.0, 2.5], device=x.device).sum() + x",
  );
  assert.equal(
    made((x) => arange(4).add(x)),
    "return torch.arange(4, dtype=torch.float32, device=x.device) + x",
  );
  assert.equal(
    made((x) => arange(4n).add(x)),
    "return torch.arange(4, device=x.device) + x",
  );
  assert.equal(
    made((x) => full([4], 1).add(x)),
    "return torch.full((4,), 1, dtype=torch.float32, device=x.device) + x",
  );
  assert.equal(
    made((x) => randint(0, 5, [4]).add(x)),
    "return torch.randint(5, (4,), device=x.device) + x",
  );
  assert.equal(
    made((x) => randnLike(x).add(x)),
    "return torch.randn_like(x) + x",
  );
  assert.equal(
    made((x) => x.newZeros([4], { device: "cpu" }).add(x)),
    "return x.new_zeros(4) + x",
  );
});

test("parameters that are not trained say so", () => {
  const model = new nn.Sequential(new nn.Linear(2, 3), new nn.Linear(3, 1));
  model[0].requiresGrad_(false);
  const { source } = emitModel(model, { inputs: [ones([2, 2])], loss: (y: Tensor) => y.mean(), rest: [] });
  assert.match(source, /\n {4}model\[0\]\.requires_grad_\(False\)\n/);
});

test("a loss may be a module of the user, and takes the names of a function's parameters", { skip }, () => {
  class Weighted extends nn.Module {
    override forward(output: Tensor, goal: Tensor, weight: Tensor): Tensor {
      return output.sub(goal).square().mul(weight).mean();
    }
  }
  const { source } = emitModel(new nn.Linear(2, 1), {
    inputs: [rand([3, 2])],
    loss: new Weighted(),
    rest: [rand([3, 1]), rand([3, 1])],
  });
  assert.equal(
    linesFrom(source, "def loss_fn"),
    'def loss_fn(output, goal, weight) -> torch.Tensor:\n"""Return the loss of a batch."""\nreturn ((output - goal).square() * weight).mean()',
  );
});

test("what no code can say is refused with the call and its place", () => {
  assert.throws(() => emit((x) => x.uniqueAll().counts), {
    name: "ExportError",
    message: /^uniqueAll at .*emit\.test\.ts:\d+:\d+\): PyTorch 1\.13 has no such function$/,
  });
  assert.throws(() => emit((x) => (x.sum().itemSync() > 0 ? x : x.neg())), { name: "TraceError" });
  const large = rand([100]);
  assert.throws(
    () =>
      emit(
        (x) => x,
        (y) => y.sum().add(large.sum()),
      ),
    {
      name: "ExportError",
      message: /^the loss: a constant is a tensor of shape \[100\], too large/,
    },
  );
  const model = new nn.Linear(2, 1);
  const inputs = [rand([3, 2])];
  const rest = [rand([3, 1])];
  assert.throws(
    () => emitModel(model, { inputs, loss: (y: Tensor) => y.sum().add(model.weight.sum()), rest }),
    {
      name: "ExportError",
      message: /^the loss uses model\.weight of the model/,
    },
  );
  const hooked = new nn.Linear(2, 1);
  hooked.registerForwardHook(() => undefined);
  assert.throws(() => emitModel(hooked, { inputs, loss: new nn.MSELoss(), rest }), {
    name: "ExportError",
    message: /has hooks/,
  });
  assert.throws(() => emitModel(model, { inputs: [], loss: new nn.MSELoss(), rest }), {
    name: "ArgumentError",
  });
  assert.throws(() => emitModel(model, { inputs, loss: "mse" as never, rest }), { name: "ArgumentError" });
  assert.throws(() => emitModel({} as never, { inputs, loss: new nn.MSELoss(), rest }), {
    name: "ArgumentError",
  });
  const good = { inputs, loss: new nn.MSELoss(), rest };
  assert.throws(() => emitModel(model, { ...good, input: inputs } as never), {
    name: "ArgumentError",
    message: 'emitModel: unknown option "input"; did you mean "inputs"?',
  });
  assert.throws(() => emitModel(model, undefined as never), { name: "ArgumentError" });
  assert.throws(() => emitModel(model, { ...good, rest: rest[0] } as never), {
    name: "ArgumentError",
    message: /^emitModel: rest is an array of tensors; got/,
  });
});
