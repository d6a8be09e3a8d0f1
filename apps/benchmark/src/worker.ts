/**
 * `node worker.ts LIBRARY THREADS DEVICE`: one library in a process of its own, so that no library's memory or garbage weighs on
 * another's times. Prepares and times works, told by lines of JSON on stdin; `peers/pytorch.py` is its counterpart.
 *
 * @module
 */
import process from "node:process";
import { createInterface } from "node:readline";
import { readArrays, writeArrays } from "./arrays.ts";
import { works } from "./catalogue.ts";
import type { Device, LibraryId } from "./libraries.ts";
import type { Answer, Request } from "./messages.ts";
import type { Started } from "./peers/peer.ts";
import type { Body, Implementation, Work } from "./work.ts";

/** Answers go to stdout: what libraries print must not come between them. */
console.log = console.info = console.error;

type Start = (threads: number, device: Device) => Promise<Started<unknown>>;

const starts: Record<Exclude<LibraryId, "torch">, Start> = {
  flambeau: async (threads, device) => (await import("./peers/flambeau.ts")).start(threads, device),
  tfjs: async (threads) => (await import("./peers/tfjs.ts")).start(threads),
  "jax-jit": async (_, device) => (await import("./peers/jax.ts")).start(device, true),
  "jax-eager": async (_, device) => (await import("./peers/jax.ts")).start(device, false),
};

function implementationOf(work: Work, library: LibraryId): Implementation<unknown> {
  const key = library.startsWith("jax") ? "jax" : (library as "flambeau" | "tfjs");
  return work[key] as Implementation<unknown>;
}

let body: Body | undefined;

async function prepare(request: Request & { do: "prepare" }): Promise<Answer> {
  body = undefined;
  const implementation = implementationOf(works.find(({ id }) => id === request.work)!, library);
  if (typeof implementation === "string") return { failed: implementation };
  body = await implementation(api, readArrays(request.inputs, request.contents));
  return { contents: writeArrays(request.results, await body.results()) };
}

/** Milliseconds that so many calls take. */
async function spend(calls: number): Promise<number> {
  const { run, finish, time } = body!;
  if (time !== undefined) {
    let spent = 0;
    for (let i = 0; i < calls; i++) spent += await time();
    return spent;
  }
  const start = performance.now();
  const first = run();
  if (first instanceof Promise) {
    await first;
    for (let i = 1; i < calls; i++) await run();
  } else {
    for (let i = 1; i < calls; i++) run();
  }
  await finish?.();
  return performance.now() - start;
}

/** Calls until the engine has compiled what it will, and tells how long a call takes. */
async function warm({ milliseconds }: Request & { do: "warm" }): Promise<Answer> {
  let last = 0;
  for (let calls = 1, spent = 0; spent < milliseconds; ) {
    last = (await spend(calls)) / calls;
    spent += last * calls;
    calls = Math.min(calls * 2, Math.max(1, Math.floor(milliseconds / Math.max(last, 1e-6))));
  }
  return { milliseconds: last };
}

async function act(request: Request): Promise<Answer> {
  switch (request.do) {
    case "prepare":
      return prepare(request);
    case "warm":
      return warm(request);
    case "time":
      return { milliseconds: await spend(request.calls) };
    case "release":
      body = undefined;
      return {};
  }
}

function answer(message: Answer): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

const library = process.argv[2] as Exclude<LibraryId, "torch">;
const started = await starts[library](Number(process.argv[3]), process.argv[4] as Device);
const { api, version, threads, adapter } = started;
answer({ version, threads, runtime: `Node ${process.versions.node}`, adapter });
for await (const line of createInterface({ input: process.stdin })) {
  try {
    answer(await act(JSON.parse(line)));
  } catch (error) {
    body = undefined;
    answer({ failed: String(error).split("\n")[0] });
  }
}
