/** Files of a page: its private ones, downloads of the browser's and of a server's, and what a user drops. */
import {
  arange,
  CheckpointKeeper,
  download,
  FileError,
  load,
  loadCheckpoint,
  nn,
  optim,
  save,
  saveCheckpoint,
  saveSafetensors,
  setWarningHandler,
  type Tensor,
  tensor,
  ValueError,
} from "flambeau";
import { check, ensure, finish } from "./checks.ts";

/** What the page uses of its browser: tests are compiled with Node's declarations. */
interface PrivateFile {
  readonly name: string;
  getFile(): Promise<Blob>;
}
interface PrivateFolder {
  getDirectoryHandle(name: string): Promise<PrivateFolder>;
  getFileHandle(name: string): Promise<PrivateFile>;
  keys(): AsyncIterable<string>;
}
declare class DataTransfer {
  readonly files: readonly File[];
  readonly items: { add(file: File): void };
}
declare class DragEvent {
  constructor(type: string, options: { dataTransfer: DataTransfer });
  readonly dataTransfer: DataTransfer | null;
  preventDefault(): void;
}
declare const document: {
  readonly body: {
    addEventListener(type: "drop", listener: (event: DragEvent) => void): void;
    dispatchEvent(event: DragEvent): void;
    append(element: object): void;
  };
  createElement(name: string): object;
  querySelector(name: string): { readonly files: readonly File[] };
};
interface Locks {
  request(name: string, ...rest: readonly unknown[]): Promise<unknown>;
  query(): Promise<{ readonly held?: readonly unknown[] }>;
}
declare const navigator: {
  readonly storage: { getDirectory(): Promise<PrivateFolder> };
  readonly locks: Locks;
};
declare const FileSystemFileHandle: { readonly prototype: object };

const tensors = (): Record<string, Tensor> => ({ a: tensor([1, 2]), b: tensor([[3], [4]]) });
const root = await navigator.storage.getDirectory();

async function same(loaded: Record<string, Tensor>): Promise<void> {
  for (const [name, x] of Object.entries(tensors()))
    ensure(loaded[name].equal(x), `${name} is ${loaded[name]}`);
}

async function refused(
  run: () => unknown,
  Class: new (...args: never[]) => Error,
  text: RegExp,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    ensure(error instanceof Class && text.test(error.message), `${error}`);
    return;
  }
  throw new Error(`no error like ${text}`);
}

for (const name of ["a.pt", "deep/er/b.safetensors", "c.npz"]) {
  await check(`private file ${name}`, async () => {
    await save(tensors(), `opfs:${name}`);
    await same(await load(`opfs:${name}`));
    const names = name.split("/");
    let folder = root;
    for (const part of names.slice(0, -1)) folder = await folder.getDirectoryHandle(part);
    const handle = await folder.getFileHandle(names[names.length - 1]);
    await same(await load(handle));
    await same(await load(await handle.getFile()));
    await save({ ...tensors(), a: tensor([1, 2]) }, handle);
    await same(await load(`opfs:${name}`));
  });
}

await check("an abort and an error leave the old private file, or none", async () => {
  const controller = new AbortController();
  const stop = { signal: controller.signal, onProgress: () => controller.abort() };
  await refused(() => save({ a: tensor([9]) }, "opfs:a.pt", stop), DOMException as never, /abort/i);
  await same(await load("opfs:a.pt"));
  await refused(() => save({ a: tensor([9]) }, "opfs:new.pt", stop), DOMException as never, /abort/i);
  const failing = (): never => {
    throw new Error("enough");
  };
  await refused(() => save({ a: tensor([1]) }, "opfs:new.pt", { onProgress: failing }), Error, /enough/);
  await refused(() => load("opfs:new.pt"), FileError, /there is no such file/);
});

await check("paths are none in a page, and the error says what to write", async () => {
  await refused(() => save({}, "a.pt"), ValueError, /"opfs:a.pt".*download\("a.pt"\)/);
  await refused(() => load("file:///a.pt"), ValueError, /input type="file"/);
});

await check("training goes on from the page's private files", async () => {
  const made = () => {
    const model = new nn.Linear(2, 1);
    return { model, optimizer: new optim.Adam(model.parameters(), 0.1) };
  };
  const step = ({ model, optimizer }: ReturnType<typeof made>): void => {
    optimizer.zeroGrad();
    model(tensor([[1, 2]]))
      .sum()
      .backward();
    optimizer.step();
  };
  const first = made();
  step(first);
  await saveCheckpoint("opfs:run.pt", { epoch: 1, ...first });
  step(first);
  const second = made();
  ensure((await loadCheckpoint("opfs:run.pt", second)).epoch === 1, "the epoch");
  step(second);
  ensure(second.model.weight.equal(first.model.weight), "the weights");
  const keeper = new CheckpointKeeper("opfs:runs/1", { last: 1, best: 1 });
  for (const [epoch, metric] of [2, 1, 3].entries()) await keeper.save({ epoch, ...second, metric });
  const again = new CheckpointKeeper("opfs:runs/1", { last: 1, best: 1 });
  ensure(String((await again.list()).map(({ epoch }) => epoch)) === "1,2", "the list");
  const folder = await (await root.getDirectoryHandle("runs")).getDirectoryHandle("1");
  const names: string[] = [];
  for await (const name of folder.keys()) names.push(name);
  ensure(names.length === 3, String(names));
});

const model = new nn.Linear(2, 1);
const optimizer = new optim.Adam(model.parameters(), 0.1);

async function onDrop(event: DragEvent): Promise<void> {
  event.preventDefault();
  const [file] = (event.dataTransfer as DataTransfer).files;
  model.loadStateDict(await load(file));
  await save(model.stateDict(), "opfs:model.safetensors"); // for the next visit
}

await check("a file that is dropped", async () => {
  const weights = { weight: tensor([[5, 6]]), bias: tensor([7]) };
  const dropped = new Promise<void>((resolve, reject) => {
    document.body.addEventListener("drop", (event) => void onDrop(event).then(resolve, reject));
  });
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([(await saveSafetensors(weights)).slice()], "model.safetensors"));
  document.body.dispatchEvent(new DragEvent("drop", { dataTransfer }));
  await dropped;
  ensure(model.weight.equal(weights.weight), String(model.weight));
  ensure((await load("opfs:model.safetensors")).bias.equal(weights.bias), "the bias");
});

await check(
  "a download that breaks off is gone on with by the next, from the page's private files",
  async () => {
    const bytes = await saveSafetensors({
      w: nn.Linear.name ? tensor(new Array(50_000).fill(7)) : tensor(0),
    });
    const real = globalThis.fetch;
    const ranges: (string | null)[] = [];
    const controller = new AbortController();
    globalThis.fetch = async (_, options) => {
      const headers = new Headers(options?.headers);
      ranges.push(headers.get("range"));
      if (headers.get("if-none-match") === '"v"') return new Response(null, { status: 304 });
      const start = Number(/\d+/.exec(headers.get("range") ?? "")?.[0] ?? 0);
      const isFirst = ranges.length === 1;
      let at = start;
      const body = new ReadableStream({
        pull(stream) {
          if (isFirst && at > 100_000) return stream.error(new Error("broken"));
          if (at >= bytes.length) return stream.close();
          stream.enqueue(bytes.slice(at, at + 30_000));
          at += 30_000;
        },
      });
      const range =
        start > 0 ? { "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {};
      return new Response(body, {
        status: start > 0 ? 206 : 200,
        headers: { etag: '"v"', "content-length": String(bytes.length - start), ...range },
      });
    };
    try {
      // Ended while it waits for the second attempt.
      const stop = ({ loaded }: { loaded: number }): void => {
        if (loaded > 90_000) setTimeout(() => controller.abort(), 50);
      };
      const url = "https://example.org/w.safetensors";
      await refused(
        () => load(url, { signal: controller.signal, onProgress: stop }),
        DOMException as never,
        /abort/i,
      );
      const { w } = await load(url);
      ensure(w.shape[0] === 50_000 && /^bytes=[1-9]\d+-$/.test(String(ranges[1])), String(ranges));
      ensure((await load(url)).w.equal(w) && ranges.length === 3, String(ranges));
    } finally {
      globalThis.fetch = real;
    }
  },
);

/** Serves the bytes, in pieces with a pause, for as long as `run` takes. Gives what was asked for. */
async function served(
  bytes: Uint8Array,
  run: () => Promise<void>,
): Promise<{ ifNoneMatch: string | null; range: string | null }[]> {
  const real = globalThis.fetch;
  const requests: { ifNoneMatch: string | null; range: string | null }[] = [];
  globalThis.fetch = async (_, options) => {
    const headers = new Headers(options?.headers);
    requests.push({ ifNoneMatch: headers.get("if-none-match"), range: headers.get("range") });
    if (headers.get("if-none-match") === '"v"') return new Response(null, { status: 304 });
    let at = 0;
    const body = new ReadableStream({
      async pull(stream) {
        if (at >= bytes.length) return stream.close();
        await new Promise((resolve) => setTimeout(resolve, 1));
        stream.enqueue(bytes.slice(at, at + 40_000));
        at += 40_000;
      },
    });
    return new Response(body, { headers: { etag: '"v"', "content-length": String(bytes.length) } });
  };
  try {
    await run();
  } finally {
    globalThis.fetch = real;
  }
  return requests;
}

const large = await saveSafetensors({ w: arange(100_000) });
const isLarge = (w: Tensor): void => ensure(w.equal(arange(100_000)), String(w));

await check("tabs take turns at a download: what one holds the others wait for", async () => {
  const url = "https://example.org/shared.safetensors";
  const order: string[] = [];
  const requests = await served(large, async () => {
    // Another program of the origin, with a lock of the same name.
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await new Promise<void>((resolve) => {
      void load(url).then(({ w }) => {
        isLarge(w);
        resolve();
      });
    });
    const { held: locks = [] } = await navigator.locks.query();
    ensure(locks.length === 0, JSON.stringify(locks));
    const name = await lockOf(() => load(url));
    const other = navigator.locks.request(name, () => held.then(() => void order.push("other")));
    const waiting = load(url).then(({ w }) => {
      isLarge(w);
      order.push("load");
    });
    const controller = new AbortController();
    const given = load(url, { signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    await refused(() => given, DOMException as never, /abort/i);
    release();
    await Promise.all([other, waiting]);
  });
  ensure(order.join() === "other,load", order.join());
  ensure(requests[0].ifNoneMatch === null && requests.length === 3, JSON.stringify(requests));
});

/** The name of the lock that is held while something runs. */
async function lockOf(run: () => Promise<unknown>): Promise<string> {
  const { locks } = navigator;
  const real = locks.request;
  let found = "";
  locks.request = (name: string, ...rest: readonly unknown[]) => {
    found = name;
    return Reflect.apply(real, locks, [name, ...rest]);
  };
  await run();
  locks.request = real;
  return found;
}

await check("a browser that has no createWritable, or no locks, loads all the same", async () => {
  const texts: string[] = [];
  const before = setWarningHandler((text) => texts.push(text));
  const prototype = FileSystemFileHandle.prototype as { createWritable?: unknown };
  const { createWritable } = prototype;
  delete prototype.createWritable;
  try {
    await served(large, async () => {
      for (let i = 0; i < 2; i++) isLarge((await load("https://example.org/none.safetensors")).w);
    });
    ensure(texts.length === 1 && /read without the cache/.test(texts[0]), texts.join());
    await refused(() => save(tensors(), "opfs:x.pt"), FileError, /cannot write files in place/);
  } finally {
    prototype.createWritable = createWritable;
    setWarningHandler(before);
  }
  const { locks } = navigator;
  Object.defineProperty(navigator, "locks", { value: undefined, configurable: true });
  try {
    const requests = await served(large, async () => {
      for (let i = 0; i < 2; i++) isLarge((await load("https://example.org/unlocked.safetensors")).w);
    });
    ensure(requests.length === 2 && requests[1].ifNoneMatch === '"v"', JSON.stringify(requests));
  } finally {
    Object.defineProperty(navigator, "locks", { value: locks, configurable: true });
  }
});

await check("a hash of a private file, and folders in the place of files", async () => {
  await save(tensors(), "opfs:h/a.pt");
  await refused(() => load("opfs:h/a.pt", { sha256: "0".repeat(64) }), FileError, /its SHA-256 is/);
  await refused(
    () => load("opfs:h/a.pt", { cache: false }),
    ValueError,
    /cache is of files that are downloaded/,
  );
  await refused(() => load("opfs:h"), FileError, /folder/);
  await refused(() => save(tensors(), "opfs:h/a.pt/b.pt"), FileError, /folder/);
});

// What the test outside of the page uses.
Object.assign(globalThis, {
  trainForUser: async () => {
    const step = (): void => {
      optimizer.zeroGrad();
      model(tensor([[1, 2]]))
        .sum()
        .backward();
      optimizer.step();
    };
    step();
    await saveCheckpoint(download("run.pt"), { epoch: 1, model, optimizer });
    step();
    return model.weight.toArray();
  },
  loadChosen: async () => {
    const [file] = document.querySelector("input").files;
    return (await load(file)).a.toArray();
  },
});
document.body.append(Object.assign(document.createElement("input"), { type: "file" }));
finish();
