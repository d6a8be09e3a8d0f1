import assert from "node:assert/strict";
import { test } from "node:test";
import { growthChart, ratioChart } from "../src/chart.ts";
import { entryOf, type Result } from "../src/results.ts";
import type { GrowthPanel } from "../src/work.ts";

function result(panel: GrowthPanel, curve: string, size: number, ms: number): Result {
  return {
    id: `${curve}/${size}`,
    title: `${curve} of <${size}> & more`,
    unit: "ms",
    threads: 1,
    growth: { panel, curve, size },
    entries: { flambeau: entryOf([ms]), torch: entryOf([ms * 3]), tfjs: { excluded: "away" } },
  };
}

const results = [
  result("matmul", "matmul", 64, 0.01),
  result("matmul", "matmul", 512, 5),
  result("elementwise", "exp", 1000, 0.002),
  result("elementwise", "exp", 1e6, 0.7),
  result("step", "MLP 784-n-10", 8, 0.3),
  result("step", "MLP 784-n-10", 512, 4),
];

/** Fails where an element is not closed or text is not escaped; gives the elements' names. */
function elements(svg: string): string[] {
  const open: string[] = [];
  const names: string[] = [];
  const rest = svg.replace(
    /<(\/?)([a-z]+)((?:\s[\w:-]+="[^"<]*")*)\s*(\/?)>/g,
    (_, end, name, _attributes, empty) => {
      if (end === "/") assert.equal(open.pop(), name);
      else {
        names.push(name);
        if (empty !== "/") open.push(name);
      }
      return "";
    },
  );
  assert.deepEqual(open, []);
  assert.doesNotMatch(rest, /[<>]|&(?!amp;|lt;|gt;|quot;)/);
  return names;
}

test("the growth chart is an SVG with a panel for each kind and a line for each library", () => {
  const svg = growthChart(results, 1);
  const names = elements(svg);
  assert.equal(names[0], "svg");
  assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
  for (const text of ["matmul", "exp", "MLP 784-n-10, batch 64, Adam step", "Flambeau", "PyTorch"])
    assert.ok(svg.includes(`>${text}</text>`), text);
  assert.ok(!svg.includes("tfjs"), "no legend for a library without a figure");
  assert.equal(svg.match(/stroke="#d62728"/g)?.length, 3);
});

test("the ratio chart places three times as fast right of one", () => {
  const svg = ratioChart(results);
  const names = elements(svg);
  assert.equal(names.filter((name) => name === "circle").length, results.length);
  assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
  // The line at one is the first drawn in this library's colour.
  const line = Number(/stroke="#d62728".*?x1="([\d.]+)"/.exec(svg)![1]);
  const dots = [...svg.matchAll(/cx="([\d.]+)"/g)].map(([, x]) => Number(x));
  assert.ok(
    dots.every((x) => x > line),
    `${dots} right of ${line}`,
  );
});

test("without figures there is still a picture", () => {
  assert.equal(elements(ratioChart([]))[0], "svg");
  assert.equal(elements(growthChart([], 1))[0], "svg");
});
