/** Each program against its twin in PyTorch: the losses of its first steps, and what it prints. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Session, type Settings } from "../shared/session.ts";
import lengths from "./lengths.json" with { type: "json" };
import twins from "./twins.json" with { type: "json" };

/** Relative to the larger of the loss and one thousandth: float32 sums in another order. */
const TOLERANCE = 2e-5;

interface Outcome {
  readonly losses: readonly number[];
  readonly lines: readonly string[];
}

async function outcome(name: string, settings: Partial<Settings> = {}): Promise<Outcome> {
  const lines: string[] = [];
  const length = lengths[name as keyof typeof lengths];
  const session = new Session({ device: "cpu", length, print: (line) => lines.push(line), ...settings });
  await session.run(name);
  return { losses: session.losses, lines };
}

const folder = new URL("..", import.meta.url);
const names = readdirSync(folder).filter((name) => existsSync(new URL(`${name}/main.ts`, folder)));

test("every program has a twin, and is tested", () => {
  assert.deepEqual(Object.keys(lengths).toSorted(), names.toSorted());
  for (const name of names)
    for (const file of ["main.py", "README.md"])
      assert.ok(existsSync(new URL(`${name}/${file}`, folder)), `${name}/${file}`);
});

for (const name of names) {
  describe(name, () => {
    test("losses and lines are those of PyTorch", async () => {
      const { losses, lines } = await outcome(name);
      const twin = twins[name as keyof typeof twins] as Outcome;
      assert.equal(losses.length, twin.losses.length);
      losses.forEach((loss, i) => {
        const expected = twin.losses[i];
        const error = Math.abs(loss - expected) / Math.max(Math.abs(expected), 1e-3);
        assert.ok(error <= TOLERANCE, `loss ${i}: ${loss}, and ${expected} in PyTorch`);
      });
      assert.deepEqual(lines, twin.lines);
    });

    test("a run that goes on from a checkpoint is the run that was not broken off", async (t) => {
      const out = mkdtempSync(join(tmpdir(), "example-"));
      t.after(() => rmSync(out, { recursive: true }));
      const length = lengths[name as keyof typeof lengths];
      const whole = await outcome(name);
      await outcome(name, { folder: out, length: length / 2 });
      const rest = await outcome(name, { folder: out, resume: true });
      assert.deepEqual(rest.losses, whole.losses);
      assert.ok(existsSync(join(out, "loss.svg")));
    });
  });
}
