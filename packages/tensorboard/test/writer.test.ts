import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ShapeError, ValueError } from "@flambeau/backend";
import { tensor } from "@flambeau/tensor";
import cases from "../../../tests/fixtures/tensorboard.json" with { type: "json" };
import { makeHistogram } from "../src/histogram.ts";
import { SummaryWriter } from "../src/index.ts";
import { record } from "../src/record.ts";

/** The fields of a message, of numbers below 2**7 and lengths below 2**14. */
function read(bytes: Uint8Array): Map<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  for (let at = 0; at < bytes.length; ) {
    const key = bytes[at++];
    let size = [0, 8, 0, 0, 0, 4][key & 7];
    if ((key & 7) === 0) size = 1;
    if ((key & 7) === 2) {
      size = bytes[at++];
      if (size > 127) size = (size & 127) + 128 * bytes[at++];
    }
    found.set(key >> 3, bytes.subarray(at, at + size));
    at += size;
  }
  return found;
}

function eventsOf(folder: string): Map<number, Uint8Array>[] {
  const [name] = readdirSync(folder);
  assert.match(name, /^events\.out\.tfevents\.\d{10}\..+\.\d+\.\d+\.tail$/);
  const bytes = new Uint8Array(readFileSync(join(folder, name)));
  const events: Map<number, Uint8Array>[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = Number(new DataView(bytes.buffer, at).getBigUint64(0, true));
    const data = bytes.slice(at + 12, at + 12 + size);
    assert.deepEqual(bytes.slice(at, at + 16 + size), record(data));
    events.push(read(data));
    at += 16 + size;
  }
  return events;
}

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
const summaryOf = (event: Map<number, Uint8Array>) =>
  read(read(event.get(5) as Uint8Array).get(1) as Uint8Array);

test("events are those of the calls, in their order", async () => {
  const folder = mkdtempSync(join(tmpdir(), "runs-"));
  await using writer = new SummaryWriter(folder, { maxQueue: 2, filenameSuffix: ".tail" });
  const x = tensor(0.5);
  writer.addScalar("loss", x, 3, 10);
  x.fill_(7);
  writer.addScalar("loss", 2);
  writer.addHistogram("w", tensor([1, 2, 2, -3.5]));
  writer.addText("note", "a *text*");
  await writer.flush();
  const [first, a, b, c, d, ...rest] = eventsOf(folder);
  assert.equal(rest.length, 0);
  assert.equal(text(first.get(3)), "brain.Event:2");
  assert.deepEqual(a.get(2), Uint8Array.of(3));
  assert.equal(text(summaryOf(a).get(1)), "loss");
  assert.deepEqual(summaryOf(a).get(2), new Uint8Array(Float32Array.of(0.5).buffer));
  assert.deepEqual(summaryOf(b).get(2), new Uint8Array(Float32Array.of(2).buffer));
  assert.deepEqual(
    read(summaryOf(c).get(5) as Uint8Array).get(7),
    new Uint8Array(Float64Array.from(cases[1].counts).buffer),
  );
  assert.equal(text(summaryOf(d).get(1)), "note/text_summary");
  assert.equal(text(read(summaryOf(d).get(8) as Uint8Array).get(8)), "a *text*");
});

test("a record has the masked checksum of TFRecord", () => {
  // CRC32C of the nine digits, the check value of its definition.
  const view = new DataView(record(new TextEncoder().encode("123456789")).buffer);
  const crc = 0xe3069283;
  assert.equal(view.getUint32(21, true), (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
});

test("histograms are PyTorch's", () => {
  for (const { values, limits, counts } of cases) {
    const made = makeHistogram(Float64Array.from(values));
    assert.deepEqual([made.limits, made.counts], [limits, counts]);
  }
});

test("what does not fit is refused at the call", async () => {
  const folder = mkdtempSync(join(tmpdir(), "runs-"));
  assert.throws(() => new SummaryWriter(""), ValueError);
  assert.throws(() => new SummaryWriter(folder, { maxQueue: 0 }), ValueError);
  const writer = new SummaryWriter(folder);
  assert.throws(() => writer.addScalar("", 1), ValueError);
  assert.throws(() => writer.addScalar("a", tensor([1, 2])), ShapeError);
  assert.throws(() => writer.addScalar("a", 1, 0.5), ValueError);
  assert.throws(() => writer.addHistogram("a", tensor([])), ValueError);
  writer.addHistogram("a", tensor([Number.NaN]));
  await assert.rejects(writer.flush(), ValueError);
  await writer.close();
  assert.throws(() => writer.addScalar("a", 1), ValueError);
});
