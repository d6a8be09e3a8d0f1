import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { digits, exclusions, page, quantity, shortfalls, tableRows, tableText } from "../src/report.ts";
import { entryOf, type Report, type Result, ratio } from "../src/results.ts";
import { verdicts } from "../src/targets.ts";

const matmul: Result = {
  id: "matmul/512",
  title: "matmul 512",
  unit: "ms",
  threads: 1,
  flop: 2 * 512 ** 3,
  growth: { panel: "matmul", curve: "matmul", size: 512 },
  entries: {
    flambeau: entryOf([5, 4, 6]),
    torch: entryOf([2, 2.5, 100]),
    "jax-jit": entryOf([15, 15, 15]),
    tfjs: { excluded: "it is away" },
  },
};
const download: Result = {
  id: "download/chapter",
  title: "download",
  unit: "kB",
  threads: 0,
  entries: { flambeau: entryOf([79]), torch: { excluded: "it is away" } },
};
const results = [matmul, download];

describe("ratios", () => {
  test("a ratio is the other's median over ours", () => {
    assert.equal(ratio(matmul, "torch"), 0.5);
    assert.equal(ratio(matmul, "jax-jit"), 3);
    assert.equal(ratio(matmul, "tfjs"), undefined);
    assert.equal(ratio(matmul, "jax-eager"), undefined);
  });

  test("a work is held against its targets, and against no library that lacks the figure", () => {
    const found = verdicts(matmul).map(({ reached, met }) => [reached, met]);
    assert.deepEqual(found, [
      [0.5, false],
      [3, true],
    ]);
    assert.deepEqual(
      verdicts(download).map(({ reached, met }) => [reached, met]),
      [[79, true]],
    );
  });

  test("a GPU's works are held against a GPU's targets, and have no threads", () => {
    const onGpu: Result = { ...matmul, threads: 0, device: "webgpu" };
    assert.deepEqual(
      verdicts(onGpu).map(({ target, met }) => ["atLeast" in target && target.atLeast, met]),
      [[3, true]],
    );
    assert.deepEqual(tableRows([onGpu])[0], ["work", "Flambeau", "PyTorch", "jax-js, jit", "target"]);
  });

  test("a work without a figure of ours misses its targets", () => {
    const failed: Result = { ...matmul, entries: { ...matmul.entries, flambeau: { excluded: "wrong" } } };
    assert.deepEqual(
      verdicts(failed).map(({ met }) => met),
      [false, false],
    );
    assert.equal(shortfalls([failed]).length, 2);
    const missing: Result = { ...download, entries: { flambeau: { excluded: "wrong" } } };
    assert.deepEqual(shortfalls([missing]), ["download: under 80: short, no figure"]);
  });
});

describe("the table", () => {
  test("numbers have three digits and a unit", () => {
    assert.deepEqual([0.012345, 1.2345, 12.345, 123.45, 12345].map(digits), [
      "0.0123",
      "1.23",
      "12.3",
      "123",
      "12345",
    ]);
    assert.equal(digits(0), "0");
    assert.deepEqual(
      [0.0005, 0.25, 1, 1500].map((ms) => quantity(ms, "ms")),
      ["0.500 us", "250 us", "1.00 ms", "1.50 s"],
    );
    assert.equal(quantity(80, "kB"), "80.0 kB");
  });

  test("has a column for each library with a figure, with speed and ratio", () => {
    assert.deepEqual(tableRows(results), [
      ["work", "threads", "Flambeau", "PyTorch", "jax-js, jit", "target"],
      [
        "matmul 512",
        "1",
        "5.00 ms, 53.7 GF/s",
        "2.50 ms, 107 GF/s (0.500x)",
        "15.0 ms, 17.9 GF/s (3.00x)",
        "0.55x PyTorch: short, 0.500; 2x jax-js, jit: met",
      ],
      ["download", "", "79.0 kB", "-", "-", "under 80: met"],
    ]);
  });

  test("stands in columns on a terminal", () => {
    const lines = tableText(results).split("\n");
    assert.equal(lines.length, 3);
    const end = lines[0].indexOf("PyTorch") + "PyTorch".length;
    assert.equal(lines[1].slice(0, end).endsWith("(0.500x)"), true);
  });

  test("tells what is missing, once for each reason", () => {
    assert.deepEqual(exclusions(results), [
      "tfjs wasm: it is away - matmul/512",
      "PyTorch: it is away - download/chapter",
    ]);
  });
});

test("the page holds the machine, the versions, the table and its charts", () => {
  const report: Report = {
    date: "2026-11-23T12:00:00.000Z",
    machine: "Abacus, 2 cores",
    system: "Linux 6",
    versions: { flambeau: "0.1.0 (Node 24)", torch: "1.13 (Python 3.11)" },
    command: "npm run bench",
    device: "cpu",
    rounds: 3,
    remarks: ["It rained."],
    results,
  };
  const text = page(report, "figures");
  for (const part of [
    "2026-11-23",
    "Abacus, 2 cores",
    "PyTorch 1.13 (Python 3.11)",
    "It rained.",
    "| matmul 512 | 1 | 5.00 ms",
    "- matmul 512: 0.55x PyTorch: short, 0.500",
    "(figures-ratios.svg)",
    "(figures-growth.svg)",
    "tfjs wasm: it is away",
  ])
    assert.ok(text.includes(part), part);
});
