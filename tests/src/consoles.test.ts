/** What consoles and notebooks show: each calls a method of the object's own, or a formatter that is installed. */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { F, installDevtoolsFormatters, nn, ones, optim, plot, summary, tensor, webgpu } from "flambeau";
import { webgpu as gpu, testOn } from "./devices/devices.ts";

type JsonML = readonly [tag: string, attributes: Record<string, unknown>, ...contents: unknown[]];

interface Formatter {
  header(x: unknown): JsonML | null;
  hasBody(x: unknown): boolean;
  body(x: unknown): JsonML;
}

const here = globalThis as { devtoolsFormatters?: Formatter[] };

/** The text of an element, with an object that it refers to as its place in `objects`. */
function textOf(element: unknown, objects: unknown[]): string {
  if (typeof element === "string") return element;
  const [tag, attributes, ...contents] = element as JsonML;
  if (tag === "object") return `<${objects.push(attributes.object) - 1}>`;
  return contents.map((content) => textOf(content, objects)).join("");
}

/** The rows of an object that is opened, and the objects that they refer to. */
function opened(formatter: Formatter, x: unknown): [rows: string[], objects: unknown[]] {
  assert.equal(formatter.hasBody(x), true);
  const [tag, , ...rows] = formatter.body(x);
  assert.equal(tag, "ol");
  const objects: unknown[] = [];
  return [rows.map((row) => textOf(row, objects)), objects];
}

const makeModel = (): nn.Sequential => new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU());

describe("formatters for DevTools", () => {
  afterEach(() => {
    delete here.devtoolsFormatters;
  });

  function install(): Formatter {
    installDevtoolsFormatters();
    const [formatter] = here.devtoolsFormatters ?? [];
    return formatter;
  }

  test("are added once beside those of others, and taken away", () => {
    const other = { header: () => null, hasBody: () => false, body: (): JsonML => ["span", {}] };
    here.devtoolsFormatters = [other];
    const remove = installDevtoolsFormatters();
    assert.equal(installDevtoolsFormatters() === remove, false);
    assert.equal(here.devtoolsFormatters.length, 2);
    assert.equal(here.devtoolsFormatters[0], other);
    remove();
    remove();
    assert.deepEqual(here.devtoolsFormatters, [other]);
  });

  test("show the text", async () => {
    const { header } = install();
    const model = makeModel();
    const objects = [
      tensor([
        [1, 2],
        [3, 4],
      ]),
      tensor(5),
      new nn.Parameter(ones([2])),
      new nn.Buffer(ones([2])),
      new nn.Linear(2, 1),
      model,
      new optim.Adam(model.parameters()),
      summary(model, [2]),
    ];
    for (const x of objects) {
      const [tag, { style }, ...contents] = header(x) as JsonML;
      assert.equal(tag, "span");
      assert.match(String(style), /white-space: pre/);
      assert.deepEqual(contents, [String(x)]);
    }
    const figure = await plot.plotRegression([0, 1], [0, 1]);
    assert.deepEqual((header(figure) as JsonML).slice(2), [`Figure(${figure.width} x ${figure.height})`]);
  });

  test("show what is in a tensor", () => {
    const formatter = install();
    const x = tensor([1, 2], { requiresGrad: true });
    x.square().sum().backward();
    const [rows, objects] = opened(formatter, x);
    assert.deepEqual(rows, [
      "shape: <0>",
      'dtype: "float32"',
      'device: "cpu"',
      "requiresGrad: true",
      "grad: <1>",
      "gradFn: null",
    ]);
    assert.deepEqual(objects[0], [2]);
    assert.equal(objects[1], x.grad);
    assert.equal(opened(formatter, x.exp())[0].at(-1), 'gradFn: "ExpBackward0"');
  });

  test("show what is in a module and an optimizer", () => {
    const formatter = install();
    const model = makeModel();
    const [rows, objects] = opened(formatter, model);
    assert.deepEqual(rows, ["0: <0>", "1: <1>", "training: true"]);
    assert.deepEqual(objects, model.children());
    const [ofLinear, parameters] = opened(formatter, model.at(0));
    assert.ok(ofLinear.includes("weight: <0>") && ofLinear.includes("bias: <1>"), ofLinear.join());
    assert.deepEqual(parameters, model.parameters());
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
    const [ofOptimizer, kept] = opened(formatter, optimizer);
    assert.ok(ofOptimizer.some((row) => row.startsWith("paramGroups: ")));
    assert.ok(kept.includes(optimizer.paramGroups) && kept.includes(optimizer.state));
  });

  test("leave anything else to the console", () => {
    const { header, hasBody } = install();
    class Loop extends nn.Module {
      child: nn.Module = this;
    }
    const others = [
      undefined,
      null,
      1,
      "a",
      2n,
      {},
      [],
      () => {},
      Object.create(null),
      new Map(),
      Symbol.iterator,
    ];
    // A prototype is no tensor, and a module that holds itself has no text.
    for (const x of [...others, nn.Parameter.prototype, new Loop()]) {
      assert.equal(header(x), null);
      assert.equal(hasBody(x), false);
    }
  });

  testOn(gpu, "show a tensor of a device that has to be waited for without its values", () => {
    const { header } = install();
    const x = ones([2], { device: "webgpu" });
    assert.deepEqual((header(x) as JsonML).slice(2), [
      "tensor(..., size=(2), dtype=float32, device='webgpu')",
    ]);
    assert.ok(webgpu.stats().allocated > 0);
  });
});

describe("consoles of runtimes", () => {
  const keys = [Symbol.for("nodejs.util.inspect.custom"), Symbol.for("Deno.customInspect")];
  test("show the text", () => {
    const model = makeModel();
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
    for (const key of keys) {
      for (const x of [tensor([1, 2]), new nn.Parameter(ones([1])), model, optimizer, summary(model)])
        assert.equal((x as unknown as Record<symbol, () => unknown>)[key](), String(x));
    }
  });
});

type Bundle = Readonly<Record<string, string>>;
const shown = async (x: object): Promise<Bundle> =>
  (x as { [Symbol.iterator]: never } & Record<symbol, () => Bundle>)[Symbol.for("Jupyter.display")]();

describe("notebooks", () => {
  test("show the text", async () => {
    const model = makeModel();
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
    const loss = F.mseLoss(model(ones([1, 2])), ones([1, 3]));
    for (const x of [
      tensor([1, 2]),
      loss,
      new nn.Parameter(ones([1])),
      model,
      optimizer,
      summary(model, [2]),
    ])
      assert.deepEqual(await shown(x), { "text/plain": String(x) });
  });

  test("draw figures", async () => {
    const figure = await plot.plotRegression([0, 1], [0, 1]);
    const text = `Figure(${figure.width} x ${figure.height})`;
    assert.deepEqual(await shown(figure), { "image/svg+xml": figure.svg, "text/plain": text });
  });

  testOn(gpu, "wait for a device's values", async () => {
    const x = new nn.Parameter(ones([2], { device: "webgpu" }));
    assert.deepEqual(await shown(x), {
      "text/plain": "Parameter containing:\ntensor([1., 1.], device='webgpu', requires_grad=True)",
    });
  });

  interface Kernel {
    readonly internal: symbol;
    readonly [internal: symbol]: { readonly jupyter: { formatInner(x: unknown): Promise<Bundle> } };
  }
  const { Deno } = globalThis as { Deno?: Kernel };
  test("show these in Deno's kernel", { skip: Deno === undefined && "only in Deno" }, async () => {
    const { jupyter } = (Deno as Kernel)[(Deno as Kernel).internal];
    const model = makeModel();
    const figure = await plot.plotRegression([0, 1], [0, 1]);
    for (const x of [tensor([1, 2]), new optim.SGD(model.parameters(), { lr: 0.1 }), summary(model, [2])])
      assert.deepEqual(await jupyter.formatInner(x), { "text/plain": String(x) });
    assert.equal((await jupyter.formatInner(figure))["image/svg+xml"], figure.svg);
    // The kernel takes functions to its console.
    assert.deepEqual(await jupyter.formatInner(model), { "text/plain": String(model) });
  });
});
