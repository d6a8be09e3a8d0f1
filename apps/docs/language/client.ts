/** The page's side of the worker that has TypeScript; it starts with the first request. */
import url from "virtual:language-worker";
import type { Answers, Question, Request, Response } from "./messages.ts";

let worker: Worker | undefined;
let isBroken = false;
let last = 0;
const waiting = new Map<number, (answer: unknown) => void>();

export function request<Q extends Question>(
  cells: readonly string[],
  question: Q,
): Promise<Answers[Q["kind"]] | undefined> {
  if (isBroken) return Promise.resolve(undefined);
  worker ??= start();
  const id = ++last;
  worker.postMessage({ id, cells, question } satisfies Request);
  return new Promise((resolve) => waiting.set(id, resolve as (answer: unknown) => void));
}

function start(): Worker {
  const started = new Worker(url, { type: "module", name: "typescript" });
  started.onmessage = ({ data: { id, answer } }: MessageEvent<Response>) => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  };
  // Without it cells run as before: they are only not checked.
  started.onerror = (event) => {
    event.preventDefault();
    isBroken = true;
    for (const resolve of waiting.values()) resolve(undefined);
    waiting.clear();
  };
  return started;
}
