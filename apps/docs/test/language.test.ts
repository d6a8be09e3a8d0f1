import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { declarations, LIBRARIES } from "../language/declarations.ts";
import type { Problem } from "../language/messages.ts";
import { CellService } from "../language/service.ts";

describe("TypeScript in cells", () => {
  const service = new CellService(declarations(), LIBRARIES);
  const check = (cells: string[], cell: number): readonly Problem[] =>
    service.answer(cells, { kind: "check", cell });
  const first =
    'import { nn, optim, tensor } from "flambeau";\nconst model = new nn.Linear(2, 1);\nlet count = 1;\n';

  test("cells that share names have no problems", () => {
    const cells = [
      first,
      "interface Row { x: number }\nconst { a, b: [c] } = { a: 1, b: [tensor(2)] };\ncount = 2;\n",
      "const row: Row = { x: a };\nc.add(row.x);\nconst model = await Promise.resolve(count);\n",
      "show({ svg: device }, model.toFixed());\n",
    ];
    for (const cell of cells.keys()) assert.deepEqual(check(cells, cell), [], `cell ${cell + 1}`);
  });

  test("problems stand where the cell has them", () => {
    const second = "tensor([1]).reshap([1]);\nnew optim.SGD(model.parameters(), { learningRate: 1 });\n";
    const problems = check([first, second], 1);
    assert.deepEqual(
      problems.map(({ from, to }) => second.slice(from, to)),
      ["reshap", "learningRate"],
    );
    assert.match(problems[0].message, /Did you mean 'reshape'\?/);
    assert.match(check(["function f() {\n"], 0)[0].message, /'}' expected/);
    assert.match(check(["const x = missing;\n"], 0)[0].message, /Cannot find name 'missing'/);
    assert.match(check(["document.title;\n"], 0)[0].message, /Cannot find name 'document'/);
  });

  test("completes what other cells declare, without internals, and describes it", () => {
    const second = "model.stateD";
    const cells = [first, second];
    const at = second.length;
    const found = service.answer(cells, { kind: "complete", cell: 1, at });
    const names = found?.entries.map(({ name }) => name) ?? [];
    assert.equal(found?.from, at - "stateD".length);
    assert.ok(names.includes("stateDict") && names.includes("zeroGrad"));
    const told = service.answer(cells, { kind: "describe", cell: 1, at, name: "stateDict" });
    assert.match(told?.signature ?? "", /stateDict\(/);
    assert.ok((told?.documentation ?? "").length > 40);
    const members = service.answer(["tensor([1]).", first], { kind: "complete", cell: 0, at: 12 });
    const ofTensor = members?.entries.map(({ name }) => name) ?? [];
    assert.ok(ofTensor.includes("matmul"));
    for (const internal of ["recorder", "setData_"]) assert.ok(!ofTensor.includes(internal), internal);
  });

  test("hovers show a name's type and docstring, with its example", () => {
    const hover = service.answer([first], { kind: "hover", cell: 0, at: first.indexOf("Linear") + 1 });
    assert.match(hover?.signature ?? "", /new Linear|constructor|Linear\(/);
    assert.equal(first.slice(hover?.from, hover?.to), "Linear");
    const second = "tensor([[1, 2]]);";
    const call = service.answer([first, second], { kind: "hover", cell: 1, at: 2 });
    assert.match(call?.signature ?? "", /tensor\(/);
    assert.match(call?.documentation ?? "", /Numbers make float32[\s\S]*```ts/);
  });
});
