import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { brokenLine, CellSyntaxError, compile } from "../notebook/compile.ts";

describe("compiling a cell", () => {
  test("types go, lines stay", () => {
    const source = "interface Q {\n  a: number;\n}\nconst x: Q = { a: 1 };\nconsole.log(x as Q);\nx.a = 2;\n";
    const lines = compile(source).code.split("\n");
    assert.equal(lines[4], "const x = { a: 1 };");
    assert.match(lines[5], /^console\.log\(x *\);$/);
  });

  test("declares what a cell binds at its top, and nothing inside", () => {
    const source = [
      "const [a, b = (q) => { const inner = q; return inner; }] = f(), { c, d: { e: [g] }, ...h } = {};",
      "let i: number;",
      "async function j<T>(k: T) { const l = k; }",
      "class M { n = 1; }",
      "export const o = 1;",
      "for (const p of []) {}",
    ].join("\n");
    assert.deepEqual(compile(source).names, ["a", "b", "c", "g", "h", "i", "j", "M", "o"]);
  });

  test("imports become look-ups, with their lines and without types", () => {
    const source =
      'import { nn, type Tensor, data as d } from "flambeau";\nimport type { X } from "y";\nimport * as o from "@flambeau/optim";\n';
    const { code, imports, names } = compile(source);
    assert.deepEqual(imports, [
      { module: "flambeau", names: ["nn", "data"], line: 1 },
      { module: "@flambeau/optim", names: [], line: 3 },
    ]);
    assert.deepEqual(names, ["nn", "d", "o"]);
    assert.match(code, /const \{ nn, data: d \} = await \$cell\.import\("flambeau"\);/);
    assert.doesNotMatch(code, /^import/m);
    assert.match(compile('const m = import("flambeau");').code, /const m = \$cell\.import\("flambeau"\)/);
  });

  test("names are live: an accessor reads and writes the cell's own", async () => {
    const AsyncFunction = (async () => {}).constructor as new (
      ...parts: string[]
    ) => (cell: object) => Promise<void>;
    const { code } = compile("let count = 1;\nconst fixed = 2;\nfunction next() { return ++count; }\n");
    let accessors: Record<string, [() => unknown, (value: unknown) => void]> = {};
    await new AsyncFunction("$cell", code)({
      declare: (names: typeof accessors) => {
        accessors = names;
      },
    });
    accessors.count[1](10);
    assert.equal((accessors.next[0]() as () => number)(), 11);
    assert.equal(accessors.count[0](), 11);
    assert.throws(() => accessors.fixed[1](3), TypeError);
  });

  const body = (source: string): string => compile(source).code.split("\n").slice(1).join("\n").trim();

  test("the value of a last statement goes to the page, an assignment's does not", () => {
    assert.equal(body("let x = 1;\nx + 1"), "let x = 1;\n$cell.result((x + 1))");
    assert.equal(body("f(1), g(2);"), "$cell.result((f(1), g(2)));");
    assert.equal(body("await f(await g())"), "$cell.result((await $cell.wait(f(await $cell.wait(g())))))");
    for (const silent of ["x = 1;", "x += 1", "x++", "--x;", "if (x) y", "x;\nlet y = 2;"])
      assert.doesNotMatch(body(silent), /result/);
  });

  test("loops and awaits are places to stop at; a function that cannot wait only looks", () => {
    assert.equal(
      body("for (const a of b) f(a)"),
      "for (const a of b) {if ($cell.isDue()) await $cell.turn();f(a)}",
    );
    assert.equal(
      body("do { await x } while (y)"),
      "do {if ($cell.isDue()) await $cell.turn(); await $cell.wait(x) } while (y)",
    );
    assert.equal(
      body("const f = () => { while (a) while (b) c; }"),
      "const f = () => { while (a) {$cell.check();while (b) {$cell.check();c;}} }",
    );
    assert.match(
      body("class A { async m() { for (;;) {} } n() { for (;;) {} } }"),
      /await \$cell.turn.*check\(\)/,
    );
    assert.match(body("class A { static { for (;;) {} } }"), /static \{ for \(;;\) \{\$cell\.check\(\);\}/);
  });

  test("what is no TypeScript is an error with its line", () => {
    for (const [source, line] of [
      ["const a = 1;\nconst b = ;\n", 2],
      ["const a = 1;\n\nlet a = 2;\n", 3],
      ["f(1,\n\n", 3],
    ] as const) {
      assert.throws(
        () => compile(source),
        (error) => error instanceof CellSyntaxError && error.line === line,
        source,
      );
    }
    assert.equal(brokenLine("const a = 1;\nconst b = 2;\n"), undefined);
  });
});
