/** What the functions and classes take: by position, by name, and what they refuse. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { ArgumentError } from "@flambeau/backend";
import { Linear } from "@flambeau/nn";
import { Adam, lrScheduler } from "@flambeau/optim";
import { savePt, saveSafetensors } from "@flambeau/serialization";
import { Generator, tensor } from "@flambeau/tensor";
import { called, made, testRow } from "../../../tests/src/arguments.ts";
import * as files from "../src/index.ts";
import { Server } from "./server.ts";

const folder = mkdtempSync(join(tmpdir(), "flambeau-arguments-"));
const bytes = await saveSafetensors({ a: tensor([1, 2]) });
const target = join(folder, "a.pt");
const model = new Linear(1, 1);
const optimizer = new Adam(model.parameters());
const scheduler = new lrScheduler.StepLR(optimizer, 2);
const generator = new Generator();
const parts = { model, optimizer, scheduler, generator };
const checkpoint = await savePt({
  model: model.stateDict(),
  optimizer: optimizer.stateDict(),
  scheduler: scheduler.stateDict(),
  generator: tensor(generator.getState()),
});
const { signal } = new AbortController();
const watching = { onProgress: () => {}, progress: false, signal };
/** Options of files that are downloaded, for one of these bytes. */
const remote = (content: Uint8Array): object => ({
  cache: false,
  sha256: createHash("sha256").update(content).digest("hex"),
  headers: { a: "b" },
  endpoint: server.url,
  token: "t",
});
const server = await new Server().listen();
const served = (name: string, content: Uint8Array): string => {
  server.files.set(`/o/n/resolve/main/${name}`, { bytes: content });
  return `hf:o/n/${name}`;
};
const [weightsAt, checkpointAt] = [served("a.safetensors", bytes), served("a.pt", checkpoint)];
const csv = new TextEncoder().encode("a;b\n1;2\n");
const csvAt = served("a.csv", csv);
after(() => server.close());

describe("files", () => {
  describe("load", () =>
    testRow("load", {
      run: async (...args) => String((await called<Promise<{ a: unknown }>>(files.load)(...args)).a),
      positional: () => ({ source: weightsAt }),
      named: () => ({
        format: "safetensors",
        device: "cpu",
        dtype: "float64",
        mapLocation: "cpu",
        maxBytes: 1000,
        weightsOnly: true,
        ...remote(bytes),
        ...watching,
      }),
      required: ["source"],
    }));
  describe("loadCheckpoint", () =>
    testRow("loadCheckpoint", {
      run: (...args) => called<Promise<unknown>>(files.loadCheckpoint)(...args),
      positional: () => ({ source: checkpointAt }),
      named: () => ({ ...parts, device: "cpu", mapLocation: "cpu", ...remote(checkpoint), ...watching }),
      required: ["source"],
    }));
  describe("readCsv", () =>
    testRow("readCsv", {
      run: async (...args) => (await called<Promise<files.CsvTable>>(files.readCsv)(...args)).column("a"),
      positional: () => ({ source: csvAt }),
      named: () => ({ delimiter: ";", header: true, naValues: ["?"], ...remote(csv), ...watching }),
      required: ["source"],
    }));
  describe("parseCsv", () =>
    testRow("parseCsv", {
      run: async (...args) => (await called<Promise<files.CsvTable>>(files.parseCsv)(...args)).length,
      positional: () => ({ text: "1;2" }),
      named: () => ({ delimiter: ";", header: false, naValues: ["?"] }),
      required: ["text"],
    }));
  describe("download", () =>
    testRow("download", {
      run: (...args) => called<files.DownloadTarget>(files.download)(...args).name,
      positional: () => ({ name: "a.pt" }),
      required: ["name"],
    }));
  describe("CheckpointKeeper", () =>
    testRow("CheckpointKeeper", {
      run: (...args) => made<files.CheckpointKeeper>(files.CheckpointKeeper)(...args).folder,
      positional: () => ({ folder }),
      named: () => ({ last: 2, best: 2, mode: "max", name: "x" }),
      required: ["folder"],
    }));

  test("save and saveCheckpoint: options are refused by name", async () => {
    const refused: readonly (readonly [() => unknown, RegExp])[] = [
      [
        () => called(files.save)({}, target, { fromat: "pt" }),
        /save: unknown option "fromat"; did you mean "format"/,
      ],
      [() => called(files.save)({}, target, { format: 3 }), /save: format is /],
      [() => called(files.save)({}), /save: (obj|target) is missing/],
      [() => called(files.save)({}, Symbol("x")), /save: target is /],
      [
        () => called(files.saveCheckpoint)(target, { modle: model }),
        /unknown option "modle"; did you mean "model"/,
      ],
      [() => called(files.saveCheckpoint)(target, { model: 3 }), /saveCheckpoint: model is /],
      [() => called(files.saveCheckpoint)(target, { generator: 3 }), /saveCheckpoint: generator is /],
      [() => called(files.saveCheckpoint)(), /saveCheckpoint: target is missing/],
    ];
    for (const [run, message] of refused)
      await assert.rejects(
        async () => run(),
        (error) => error instanceof ArgumentError && message.test(error.message),
        String(message),
      );
  });

  test("save by position and by name writes the same file", async () => {
    await files.save({ a: 1 }, target);
    const first = readFileSync(target);
    await called<Promise<void>>(files.save)({ obj: { a: 1 }, target });
    assert.deepEqual(readFileSync(target), first);
  });
});
