/** The chapter's program on a device: the same text as on the CPU, its numbers equal to four digits. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { Notebook } from "../../../apps/chapter/src/notebook.ts";
import { sections } from "../../../apps/chapter/src/sections.ts";
import { devices, testOn } from "./devices.ts";

/** What the program prints, and how long its figures are. */
async function chapter(device: string): Promise<{ lines: string[]; figures: [string, number][] }> {
  const lines: string[] = [];
  const figures: [string, number][] = [];
  const notebook = new Notebook(
    {
      line: (text) => lines.push(text),
      figure: async (name, { svg }) => {
        figures.push([name, svg.length]);
      },
    },
    device,
  );
  for (const section of sections) await section(notebook);
  return { lines, figures };
}

const NUMBER = /-?\d+(\.\d*)?(e[+-]\d+)?/g;
/** A printed text without its numbers, their signs and the room these take, and without the device's name. */
const words = (line: string, device: string): string =>
  line.replace(`, device='${device}'`, "").replace(NUMBER, "#").replaceAll(/ +/g, " ");
const numbers = (line: string): number[] => (line.match(NUMBER) ?? []).map(Number);

describe("the chapter", () => {
  for (const device of devices) {
    testOn(device, "prints the CPU's text and losses", async () => {
      const wanted = await chapter("cpu");
      const got = await chapter(device.name);
      assert.equal(got.lines.length, wanted.lines.length);
      let losses = 0;
      for (const [i, line] of wanted.lines.entries()) {
        const other = got.lines[i];
        // Section 2.6 tells of the device itself.
        if (/^(cpu|true|false)$/.test(line)) continue;
        assert.equal(words(other, device.name), words(line, "cpu"));
        const told = numbers(line);
        for (const [k, value] of numbers(other).entries()) {
          // Half a unit of the last of four printed decimals on either side, and four digits.
          const near = Math.abs(value - told[k]) <= 1.01e-4 + 1e-4 * Math.abs(told[k]);
          assert.ok(near, `${other}\nis not\n${line}`);
        }
        if (line.startsWith("epoch: ")) losses++;
      }
      assert.equal(losses, 50);
      assert.deepEqual(
        got.figures.map(([name]) => name),
        wanted.figures.map(([name]) => name),
      );
      for (const [i, [name, length]] of wanted.figures.entries())
        assert.ok(Math.abs(got.figures[i][1] - length) < length / 20, name);
    });
  }
});
