/** Downloads from a server that breaks off, redirects, truncates, has other files meanwhile, and takes no ranges. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { setWarningHandler, ValueError } from "@flambeau/backend";
import { FormatError, saveSafetensors } from "@flambeau/serialization";
import { arange, type Tensor, tensor } from "@flambeau/tensor";
import { openDownload } from "../src/download/download.ts";
import { hubAddress } from "../src/download/hub.ts";
import { NodeStore } from "../src/download/node-store.ts";
import { Transfer } from "../src/download/transfer.ts";
import { DownloadError, FileError, load } from "../src/index.ts";
import { Sha256 } from "../src/input/sha256.ts";
import { Meter } from "../src/progress.ts";
import { onFullDisk } from "./full-disk.ts";
import { type Served, Server } from "./server.ts";

const weights = await saveSafetensors({ w: arange(20000), b: tensor([1, 2]) });
const hash = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const PAST = "Wed, 01 Jan 2025 00:00:00 GMT";
const LATER = "Wed, 01 Jan 2025 00:00:01 GMT";
const pause = async (): Promise<void> => {};
const server = new Server();
const other = new Server();
let cache = "";

before(async () => {
  await Promise.all([server.listen(), other.listen()]);
});
after(async () => {
  await Promise.all([server.close(), other.close()]);
});
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "flambeau-cache-"));
  for (const one of [server, other]) {
    one.reset();
  }
});

function serve(served: Partial<Served> = {}, path = "/model.safetensors"): string {
  server.files.set(path, { bytes: weights, etag: '"v1"', ...served });
  return server.url + path;
}

/** All bytes of an address, without waiting between attempts. */
async function fetched(
  url: string,
  options: { sha256?: string; signal?: AbortSignal; to?: string | false } = {},
): Promise<Uint8Array> {
  const { to = cache, ...rest } = options;
  const input = await openDownload(
    url,
    { cache: to, pause, ...rest },
    new Meter(url, null, { ...rest, onProgress: () => server.breakOff() }),
  );
  try {
    return await input.readAll();
  } finally {
    await input.close();
  }
}

/** The names of what is in the cache. */
const cached = (): string[] =>
  readdirSync(cache, { recursive: true })
    .map(String)
    .filter((name) => name.includes("/") || name.includes("\\"));
const ranges = (): (string | undefined)[] => server.log.map(({ range }) => range);

for (const isCached of [true, false]) {
  const to = (): string | false => (isCached ? cache : false);

  describe(isCached ? "downloads into a cache" : "downloads as a stream", () => {
    test("a file as it is", async () => {
      assert.deepEqual(await fetched(serve(), { to: to() }), weights);
      assert.deepEqual(ranges(), [undefined]);
    });

    test("a connection that breaks is taken up where it broke off", async () => {
      const url = serve({ dropAfter: 20000, drops: 2 });
      assert.deepEqual(await fetched(url, { to: to() }), weights);
      assert.equal(server.log.length, 3);
      for (const range of ranges().slice(1)) assert.match(String(range), /^bytes=[1-9]\d*-$/);
      assert.deepEqual(
        server.log.map(({ status }) => status),
        [200, 206, 206],
      );
    });

    test("a server that takes no ranges is read from its beginning, and what is there passed over", async () => {
      const url = serve({ dropAfter: 20000, drops: 2, ranges: false });
      assert.deepEqual(await fetched(url, { to: to() }), weights);
      assert.deepEqual(
        server.log.map(({ status }) => status),
        [200, 200, 200],
      );
    });

    test("errors of the server that pass", async () => {
      assert.deepEqual(await fetched(serve({ status: 503, failures: 3 }), { to: to() }), weights);
      assert.equal(server.log.length, 4);
    });

    test("errors that stay: how often it was tried is bounded, and the status is in the error", async () => {
      await assert.rejects(
        fetched(serve({ status: 500 }), { to: to() }),
        (error) => error instanceof DownloadError && error.status === 500,
      );
      assert.equal(server.log.length, 5);
      for (const [status, advice] of [
        [401, /token/],
        [403, /terms/],
        [404, /name and the revision/],
      ] as const) {
        server.log.length = 0;
        await assert.rejects(fetched(serve({ status }), { to: to() }), (error) => {
          assert.ok(
            error instanceof DownloadError && error.status === status && error.target.startsWith(server.url),
          );
          return advice.test(error.message);
        });
        assert.equal(server.log.length, 1);
      }
    });

    test("a server that hangs up", async () => {
      // One that is gone would leave its port to any other test.
      const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
      try {
        await once(server, "listening");
        const { port } = server.address() as AddressInfo;
        await assert.rejects(
          fetched(`http://127.0.0.1:${port}/x.pt`, { to: to() }),
          (error) => error instanceof DownloadError && error.status === null,
        );
      } finally {
        server.close();
      }
    });

    test("a file that changes while it is read", async () => {
      const changed = weights.slice().fill(7, 100);
      const url = serve({
        dropAfter: 20000,
        drops: 1,
        before(served, request) {
          if (request.headers.range !== undefined) Object.assign(served, { bytes: changed, etag: '"v2"' });
        },
      });
      if (isCached) {
        // Nothing of it was used yet: it begins anew.
        assert.deepEqual(await fetched(url, { to: to() }), changed);
        return;
      }
      await assert.rejects(
        fetched(url, { to: to() }),
        /the file changed on the server while it was read \(ETag "v1", now "v2"\)/,
      );
      assert.deepEqual(await fetched(url, { to: to() }), changed);
    });

    for (const [what, served] of [
      ["without an ETag or a date", { etag: undefined }],
      ["with a weak ETag", { etag: 'W/"v1"', modified: PAST, date: LATER }],
      ["with a date in the second of the answer", { etag: undefined, modified: PAST, date: PAST }],
      ["with a date and an answer without one", { etag: undefined, modified: PAST, date: "?" }],
    ] as const)
      test(`parts of two files are never put together: ${what} a download begins anew`, async () => {
        const url = serve({ ...served, dropAfter: 20000, drops: 2 });
        if (isCached) assert.deepEqual(await fetched(url, { to: to() }), weights);
        else await assert.rejects(fetched(url, { to: to() }), /the file changed on the server/);
        assert.ok(server.log.length > 1 && ranges().every((range) => range === undefined));
      });

    test("a date of the last change goes for an ETag, where it is older than the answer", async () => {
      const url = serve({
        etag: undefined,
        modified: PAST,
        date: LATER,
        dropAfter: 20000,
        drops: 2,
        before: (served, request) => {
          if (request.headers["if-range"] !== undefined)
            assert.equal(request.headers["if-range"], served.modified);
        },
      });
      assert.deepEqual(await fetched(url, { to: to() }), weights);
      for (const range of ranges().slice(1)) assert.match(String(range), /^bytes=[1-9]\d*-$/);
    });

    test("an answer with another range than was asked for: the file is asked for without", async () => {
      for (const contentRange of [
        "bytes 0-9/80136",
        "bytes 1-80135/80136",
        "bytes 20000-10/80136",
        "bytes */80136",
        "bytes 20000-",
        "items 1-2/3",
        "bytes 99999999999999999999-1/2",
      ]) {
        server.reset();
        const url = serve({ dropAfter: 20000, drops: 1, contentRange });
        assert.deepEqual(
          await fetched(url, { to: to() && join(cache, contentRange.replace("/", "_")) }),
          weights,
        );
        const [first, second, third] = ranges();
        assert.deepEqual([first, third], [undefined, undefined], contentRange);
        assert.match(String(second), /^bytes=/);
      }
    });

    test("a part that nobody asked for", async () => {
      const url = serve({ status: 206, headers: { "content-range": "bytes 0-9/100" } });
      await assert.rejects(
        fetched(url, { to: to() }),
        (error) =>
          error instanceof DownloadError && /answers with a part \(bytes 0-9\/100\)/.test(error.message),
      );
    });

    test("the same ETag with another length is another file", async () => {
      const longer = new Uint8Array(weights.length + 8);
      const url = serve({
        dropAfter: 20000,
        drops: 1,
        before(served, request) {
          if (request.headers.range !== undefined) served.bytes = longer;
        },
      });
      if (isCached) assert.deepEqual(await fetched(url, { to: to() }), longer);
      else await assert.rejects(fetched(url, { to: to() }), /the file changed/);
    });

    test("redirects, relative and to another origin, which gets no token", async () => {
      other.files.set("/cdn", { bytes: weights, etag: '"x"' });
      server.files.set("/b", { bytes: weights, redirect: `${other.url}/cdn` });
      const url = serve({ redirect: "/b" });
      const { w } = await load(url, { token: "secret", cache: to() });
      assert.equal(w.shape[0], 20000);
      assert.deepEqual(
        server.log.map(({ authorization }) => authorization),
        ["Bearer secret", "Bearer secret"],
      );
      assert.deepEqual(
        other.log.map(({ authorization }) => authorization),
        [undefined],
      );
    });

    test("redirects without an end, and to what is no address of the web", async () => {
      await assert.rejects(
        fetched(serve({ redirect: "/model.safetensors" }), { to: to() }),
        /redirects more than 10 times/,
      );
      await assert.rejects(
        fetched(serve({ redirect: "file:///etc/passwd" }), { to: to() }),
        /is no http address/,
      );
    });

    test("a hash that is given is compared", async () => {
      assert.deepEqual(await fetched(serve(), { to: to(), sha256: hash(weights) }), weights);
      const { b } = await load(serve(), { cache: to(), sha256: hash(weights).toUpperCase() });
      assert.deepEqual(b.toArraySync(), [1, 2]);
      await assert.rejects(
        fetched(serve({}, "/other"), { to: to(), sha256: "0".repeat(64) }),
        /its SHA-256 is [0-9a-f]{64} instead of 0{64}/,
      );
      await assert.rejects(load(serve(), { cache: to(), sha256: "12" }), ValueError);
    });

    test("an abort ends it, with the signal's reason", async () => {
      const controller = new AbortController();
      const options = { cache: to(), signal: controller.signal, onProgress: () => controller.abort() };
      await assert.rejects(load(serve(), options), { name: "AbortError" });
      await assert.rejects(
        load(serve(), { cache: to(), signal: AbortSignal.abort(new Error("enough")) }),
        /^Error: enough$/,
      );
      assert.equal(
        cached().some((name) => name.endsWith("model.safetensors")),
        false,
      );
    });

    test("progress ends with all bytes", async () => {
      const seen: [number, number | null][] = [];
      await load(serve(), { cache: to(), onProgress: ({ loaded, total }) => seen.push([loaded, total]) });
      assert.deepEqual(seen.at(-1), [weights.length, weights.length]);
      assert.ok(seen.every(([loaded], i) => i === 0 || loaded >= seen[i - 1][0]));
    });
  });
}

describe("the cache", () => {
  test("a file that is there is asked for once more, and not sent", async () => {
    const url = serve();
    await fetched(url);
    assert.deepEqual(await fetched(url), weights);
    assert.deepEqual(
      server.log.map(({ status }) => status),
      [200, 304],
    );
    assert.deepEqual(
      cached()
        .map((name) => name.split(/[/\\]/)[1])
        .sort(),
      ["model.safetensors", "model.safetensors.json"],
    );
  });

  test("a file that changed on the server is downloaded again", async () => {
    const url = serve();
    await fetched(url);
    const changed = weights.slice(0, 100);
    serve({ bytes: changed, etag: '"v2"' });
    assert.deepEqual(await fetched(url), changed);
    assert.deepEqual(await fetched(url), changed);
  });

  test("without an ETag it is downloaded each time", async () => {
    const url = serve({ etag: undefined });
    await fetched(url);
    await fetched(url);
    assert.deepEqual(
      server.log.map(({ status }) => status),
      [200, 200],
    );
  });

  test("with a hash that is known nobody is asked", async () => {
    const url = serve();
    const sha256 = hash(weights);
    await fetched(url, { sha256 });
    await fetched(url, { sha256 });
    assert.equal(server.log.length, 1);
  });

  test("a server that cannot be reached: the copy is read, with a warning", async () => {
    const url = serve();
    await fetched(url);
    serve({ status: 503 });
    const warnings: string[] = [];
    const handler = setWarningHandler((text) => warnings.push(text));
    try {
      assert.deepEqual(await fetched(url), weights);
    } finally {
      setWarningHandler(handler);
    }
    assert.match(warnings.join(), /503.*the copy in the cache is read/);
  });

  test("a file that was cut in the cache is downloaded again", async () => {
    const url = serve();
    await fetched(url);
    const file = join(cache, cached().find((name) => name.endsWith(".safetensors")) as string);
    writeFileSync(file, weights.subarray(0, 50));
    assert.deepEqual(await fetched(url), weights);
    writeFileSync(`${file}.json`, "{ damaged");
    assert.deepEqual(await fetched(url), weights);
    assert.deepEqual(
      server.log.map(({ status }) => status),
      [200, 200, 200],
    );
  });

  test("what was interrupted is gone on with by a later download, with If-Range", async () => {
    const controller = new AbortController();
    const url = serve({ dropAfter: 20000, drops: 1 });
    const options = { cache, signal: controller.signal, pause: async () => controller.abort() };
    await assert.rejects(
      openDownload(url, options, new Meter(url, null, { ...options, onProgress: () => server.breakOff() })),
      { name: "AbortError" },
    );
    assert.deepEqual(
      cached()
        .map((name) => name.split(/[/\\]/)[1])
        .sort(),
      ["model.safetensors.part", "model.safetensors.part.json"],
    );
    const part = statSync(join(cache, cached().find((name) => name.endsWith(".part")) as string)).size;
    assert.ok(part > 0);
    assert.deepEqual(await fetched(url, { sha256: hash(weights) }), weights);
    assert.equal(ranges().at(-1), `bytes=${part}-`);
    assert.equal(server.log.at(-1)?.status, 206);
  });

  test("a part of a file that is another one now is not gone on with", async () => {
    const controller = new AbortController();
    const url = serve({ dropAfter: 20000, drops: 1 });
    const options = { cache, signal: controller.signal, pause: async () => controller.abort() };
    await assert.rejects(
      openDownload(url, options, new Meter(url, null, { ...options, onProgress: () => server.breakOff() })),
    );
    const changed = weights.slice().fill(1);
    serve({ bytes: changed, etag: '"v2"' });
    assert.deepEqual(await fetched(url), changed);
    assert.equal(server.log.at(-1)?.status, 200);
  });

  test("a part that a killed process left is gone on with once it is quiet; one that grows is not", async () => {
    const url = serve();
    await fetched(url);
    const folder = join(cache, readdirSync(cache)[0]);
    rmSync(join(folder, "model.safetensors"));
    const note = JSON.stringify({ url, etag: '"v1"', size: weights.length, sha256: null, length: 0 });
    const leave = (name: string, bytes: Uint8Array, minutes: number): void => {
      const path = join(folder, `model.safetensors.${name.repeat(24)}.part`);
      writeFileSync(path, bytes);
      writeFileSync(`${path}.json`, note);
      const time = Date.now() / 1000 - 60 * minutes;
      utimesSync(path, time, time);
    };
    leave("a", weights.subarray(0, 10), 0);
    leave("b", weights.subarray(0, 1000), 11);
    assert.deepEqual(await fetched(url), weights);
    assert.equal(ranges().at(-1), "bytes=1000-");
    assert.equal(readFileSync(join(folder, `model.safetensors.${"a".repeat(24)}.part`)).length, 10);
  });

  test("a part that is longer than the file is dropped", async () => {
    const url = serve();
    await fetched(url);
    const folder = join(cache, readdirSync(cache)[0]);
    rmSync(join(folder, "model.safetensors"));
    const path = join(folder, "model.safetensors.part");
    writeFileSync(path, new Uint8Array(weights.length + 1));
    writeFileSync(
      `${path}.json`,
      JSON.stringify({ url, etag: '"v1"', size: weights.length, sha256: null, length: 0 }),
    );
    assert.deepEqual(await fetched(url), weights);
    assert.deepEqual(ranges(), [undefined, undefined]);
    assert.equal(cached().length, 2);
  });

  test("a range that is none is the end of the file only by its length and its ETag", async () => {
    const url = serve();
    await fetched(url);
    const folder = join(cache, readdirSync(cache)[0]);
    const shorter = weights.slice(0, 100);
    for (const [contentRange, etag] of [
      ["bytes */100", '"v1"'],
      ["bytes */12", '"v1"'],
      ["?", '"v1"'],
      [`bytes */${weights.length}`, '"v2"'],
    ]) {
      rmSync(join(folder, "model.safetensors"));
      writeFileSync(join(folder, "model.safetensors.part"), weights);
      writeFileSync(
        join(folder, "model.safetensors.part.json"),
        JSON.stringify({ url, etag: '"v1"', size: weights.length, sha256: null, length: 0 }),
      );
      serve({ bytes: shorter, contentRange, headers: { etag } });
      assert.deepEqual(await fetched(url), shorter, contentRange);
      assert.deepEqual(
        server.log.slice(-2).map(({ status }) => status),
        [416, 200],
      );
    }
  });

  test("two processes that share a folder: each part is its own", async () => {
    const url = serve();
    const stores = [await NodeStore.open(url, cache), await NodeStore.open(url, cache)];
    const version = { etag: '"v1"', modified: null, size: 4, sha256: null };
    for (const [i, store] of stores.entries()) {
      await store.begin(version);
      await store.append(Uint8Array.of(i, i));
    }
    assert.equal(cached().filter((name) => name.endsWith(".part")).length, 2);
    assert.equal(await (await NodeStore.open(url, cache)).resume(), null);
    for (const [i, store] of stores.entries()) {
      await store.append(Uint8Array.of(i, i));
      await store.finish(version);
    }
    assert.deepEqual(cached().length, 2);
    const input = await stores[0].open(new Meter("", null, {}));
    assert.deepEqual([...(await input.readAll())], [1, 1, 1, 1]);
    await input.close();
  });

  test("a cache that cannot be written: files are read without, with one warning", async () => {
    writeFileSync(join(cache, "file"), "");
    const texts: string[] = [];
    const before = setWarningHandler((text) => texts.push(text));
    try {
      const folders = [join(cache, "file"), join(cache, "file", "deeper")];
      if (process.platform === "linux") folders.push("/sys/flambeau");
      for (const folder of folders) {
        texts.length = 0;
        const url = serve();
        const seen: number[] = [];
        for (let i = 0; i < 2; i++)
          assert.deepEqual((await load(url, { cache: folder })).b.toArraySync(), [1, 2], folder);
        await load(url, {
          cache: folder,
          sha256: hash(weights),
          onProgress: ({ loaded, total }) => seen.push(loaded, total ?? -1),
        });
        assert.deepEqual(seen.slice(-2), [weights.length, weights.length]);
        assert.equal(texts.length, 1, folder);
        assert.ok(texts[0].includes(folder) && /read without the cache/.test(texts[0]), texts[0]);
      }
    } finally {
      setWarningHandler(before);
    }
  });

  test("a cache on a full disk gets its room back", async () => {
    const texts: string[] = [];
    const before = setWarningHandler((text) => texts.push(text));
    try {
      const loaded = await onFullDisk(".part", 1000, () => load(serve(), { cache }));
      assert.equal(loaded.w.shape[0], 20000);
    } finally {
      setWarningHandler(before);
    }
    assert.match(texts.join(), /the disk is full; files are read without the cache/);
    assert.deepEqual(cached(), []);
  });

  test("a cache that goes away while a file is downloaded", async () => {
    const texts: string[] = [];
    const before = setWarningHandler((text) => texts.push(text));
    const seen: [number, number | null][] = [];
    try {
      const loaded = await load(serve(), {
        cache,
        onProgress: ({ loaded, total }) => {
          seen.push([loaded, total]);
          rmSync(cache, { recursive: true, force: true });
        },
      });
      assert.equal(loaded.w.shape[0], 20000);
    } finally {
      setWarningHandler(before);
    }
    assert.equal(texts.length, 1);
    assert.deepEqual(seen.at(-1), [weights.length, weights.length]);
    assert.ok(seen.every(([loaded], i) => i === 0 || loaded > seen[i - 1][0]));
  });

  test("a part that is whole already", async () => {
    const url = serve();
    await fetched(url);
    const folder = join(cache, readdirSync(cache)[0]);
    rmSync(join(folder, "model.safetensors"));
    writeFileSync(join(folder, "model.safetensors.part"), weights);
    writeFileSync(
      join(folder, "model.safetensors.part.json"),
      JSON.stringify({ url, etag: '"v1"', size: weights.length, sha256: null, length: 0 }),
    );
    assert.deepEqual(await fetched(url), weights);
    assert.equal(server.log.at(-1)?.status, 416);
  });

  test("a damaged download is deleted, not kept", async () => {
    const url = serve();
    await assert.rejects(fetched(url, { sha256: "0".repeat(64) }), DownloadError);
    assert.deepEqual(cached(), []);
  });

  test("two loads of one address download it once", async () => {
    const url = serve();
    const [a, b] = await Promise.all([fetched(url), fetched(url)]);
    assert.deepEqual([a.length, b.length], [weights.length, weights.length]);
    assert.deepEqual(
      server.log.map(({ status }) => status),
      [200, 304],
    );
  });

  test("one that waits for another is ended by its signal", async () => {
    const url = serve({ dropAfter: 1000, drops: 1 });
    const first = openDownload(url, { cache, pause }, new Meter(url, null, {}));
    const controller = new AbortController();
    const second = load(url, { cache, signal: controller.signal });
    controller.abort();
    await assert.rejects(second, { name: "AbortError" });
    server.breakOff();
    const breaking = setInterval(() => server.breakOff(), 5);
    try {
      const input = await first;
      assert.deepEqual(await input.readAll(), weights);
      await input.close();
    } finally {
      clearInterval(breaking);
    }
  });

  test("a server that announces no size, and stops early: the format's reader notices", async () => {
    await assert.rejects(load(serve({ truncate: 1000 }), { cache }), FormatError);
    await assert.rejects(load(serve({ truncate: 1000 }), { cache: false }), FileError);
  });

  test("what is sent beyond the announced size is an error", async () => {
    const transfer = new Transfer(serve(), { pause });
    await transfer.open();
    transfer.version = { ...transfer.version, size: 10 };
    await assert.rejects(async () => {
      while ((await transfer.next()) !== null);
    }, /sends more than the 10 bytes/);
  });
});

describe("Hugging Face", () => {
  const options = (): { endpoint: string; cache: string; token: string } => ({
    endpoint: server.url,
    cache,
    token: "hf_x",
  });

  test("addresses", () => {
    const at = (address: string): string => hubAddress(address, { endpoint: "https://hub" });
    assert.equal(at("hf:o/n/model.safetensors"), "https://hub/o/n/resolve/main/model.safetensors");
    assert.equal(at("hf:o/n@v1.0/a b/c.bin"), "https://hub/o/n/resolve/v1.0/a%20b/c.bin");
    assert.equal(at("hf:o/n@refs%2Fpr%2F1/x"), "https://hub/o/n/resolve/refs%2Fpr%2F1/x");
    assert.equal(at("hf:datasets/o/n/x.npz"), "https://hub/datasets/o/n/resolve/main/x.npz");
    assert.equal(at("hf://o/n/x"), "https://hub/o/n/resolve/main/x");
    for (const wrong of ["hf:", "hf:o", "hf:o/n", "hf:o/n/", "hf:o/n/../x", "hf:o/n@%zz/x"])
      assert.throws(() => at(wrong), ValueError);
  });

  test("a file whose hash the redirect announces is compared with it", async () => {
    other.files.set("/blob", { bytes: weights, etag: '"cdn"' });
    const linked = (sha: string): void =>
      void server.files.set("/o/n/resolve/main/model.safetensors", {
        bytes: weights,
        redirect: `${other.url}/blob`,
        headers: { "x-linked-etag": `"${sha}"`, "x-linked-size": String(weights.length) },
      });
    linked(hash(weights));
    const { b } = await load("hf:o/n/model.safetensors", options());
    assert.deepEqual(b.toArraySync(), [1, 2]);
    linked("0".repeat(64));
    other.files.set("/blob", { bytes: weights, etag: '"cdn 2"' });
    await assert.rejects(load("hf:o/n/model.safetensors", options()), /its SHA-256 is/);
    assert.ok(server.log.every(({ authorization }) => authorization === "Bearer hf_x"));
    assert.ok(other.log.every(({ authorization }) => authorization === undefined));
  });

  test("a model in several files, by its index", async () => {
    const file = (name: string, bytes: Uint8Array): void =>
      void server.files.set(`/o/n/resolve/main/${name}`, { bytes, etag: `"${name}"` });
    file("one.safetensors", await saveSafetensors({ a: tensor([1]), c: tensor([3]) }));
    file("two.safetensors", await saveSafetensors({ b: tensor([2]) }));
    const map = { b: "two.safetensors", a: "one.safetensors" };
    file("model.safetensors.index.json", new TextEncoder().encode(JSON.stringify({ weight_map: map })));
    const loaded = await load("hf:o/n/model.safetensors.index.json", options());
    const values = Object.entries(loaded as Record<string, Tensor>).map(([name, x]) => [
      name,
      x.toArraySync(),
    ]);
    assert.deepEqual(values, [
      ["b", [2]],
      ["a", [1]],
    ]);
  });
});

test("SHA-256 of parts of any length is node:crypto's", () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 31 + length) & 255);
    for (const step of [1, 7, 64, 1001]) {
      const own = new Sha256();
      for (let at = 0; at < length; at += step) own.update(bytes.subarray(at, at + step));
      assert.equal(own.digest(), hash(bytes), `${length} by ${step}`);
    }
  }
});
