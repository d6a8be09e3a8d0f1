/** What is read without a path: bytes, Blobs, responses and streams, in every runtime. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ArgumentError, FlambeauError, ValueError } from "@flambeau/backend";
import { FormatError, saveNpz, savePt, saveSafetensors } from "@flambeau/serialization";
import { arange, type Tensor, tensor, toNpy } from "@flambeau/tensor";
import { ggufFile } from "../../serialization/test/gguf-file.ts";
import { DownloadError, download, FileError, type LoadSource, load, save } from "../src/index.ts";
import { Sha256 } from "../src/input/sha256.ts";

const tensors = (): Record<string, Tensor> => ({ a: arange(500), b: tensor([3]) });
const floats = (values: number[]): Uint8Array => new Uint8Array(new Float32Array(values).buffer);
const gguf = ggufFile([
  { name: "a", type: 0, dims: [500], bytes: floats(Array.from({ length: 500 }, (_, i) => i)) },
  { name: "b", type: 0, dims: [1], bytes: floats([3]) },
]);
const files: Record<string, Uint8Array> = {
  pt: await savePt(tensors()),
  safetensors: await saveSafetensors(tensors()),
  npz: await saveNpz(tensors()),
  gguf,
};

/** A stream that gives so many bytes at a time, and tells when it is given up. */
function streamOf(
  bytes: Uint8Array,
  step: number,
  onCancel: (reason: unknown) => void = () => {},
): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + step));
      at += step;
    },
    cancel: onCancel,
  });
}

/** Ways to give bytes to `load`, each with the same file. */
function sourcesOf(bytes: Uint8Array): (() => LoadSource)[] {
  return [
    () => bytes,
    () => bytes.slice().buffer,
    () => new Blob([bytes.slice()]),
    () => new File([bytes.slice()], "x"),
    () => new Response(bytes.slice(), { headers: { "content-length": String(bytes.length) } }),
    () => new Response(streamOf(bytes, 100)),
    () => streamOf(bytes, 7),
    () => `data:application/octet-stream;base64,${btoa(String.fromCharCode(...bytes))}`,
  ];
}

for (const [name, bytes] of Object.entries(files)) {
  describe(`.${name}`, () => {
    const check = (loaded: Record<string, Tensor>): void => {
      assert.deepEqual(Object.keys(loaded), ["a", "b"]);
      assert.deepEqual([loaded.a.dataSync()[499], loaded.a.shape, loaded.b.toArraySync()], [499, [500], [3]]);
    };

    test("bytes and an ArrayBuffer", async () => {
      check(await load(bytes));
      check(await load(bytes.slice().buffer));
    });

    test("a Blob and a File", async () => {
      check(await load(new Blob([bytes.slice()])));
      check(await load(new File([bytes.slice()], `x.${name}`)));
    });

    test("a Response, with its size and without", async () => {
      check(await load(new Response(bytes.slice(), { headers: { "content-length": String(bytes.length) } })));
      check(await load(new Response(streamOf(bytes, 100))));
      // Compressed on the way: what is announced is no size of the file's.
      check(
        await load(
          new Response(streamOf(bytes, 100), {
            headers: { "content-length": "7", "content-encoding": "gzip" },
          }),
        ),
      );
    });

    test("a stream in pieces of any size", async () => {
      for (const step of [1, 7, 300, 100_000]) check(await load(streamOf(bytes, step)));
      check(await load(streamOf(bytes, 64), { format: name as "pt" }));
    });

    test("a data: address", async () => {
      check(await load(`data:application/octet-stream;base64,${btoa(String.fromCharCode(...bytes))}`));
    });

    test("a hash is compared, whatever the source", async () => {
      const hash = new Sha256();
      hash.update(bytes);
      const sha256 = hash.digest();
      for (const source of sourcesOf(bytes)) {
        check(await load(source(), { sha256 }));
        check(await load(source(), { sha256: sha256.toUpperCase() }));
        for (const format of [undefined, name as "pt"])
          await assert.rejects(
            load(source(), { sha256: `${"0".repeat(64)}`, ...(format && { format }) }),
            (error) =>
              error instanceof FileError && error.message.includes(`SHA-256 is ${sha256} instead of 000`),
          );
        for (const wrong of ["12", `${sha256}0`, "x".repeat(64)])
          await assert.rejects(load(source(), { sha256: wrong }), ValueError);
      }
    });

    test("options of downloads are errors for what is none", async () => {
      for (const source of sourcesOf(bytes))
        for (const [option, value] of Object.entries({
          cache: false,
          headers: { a: "b" },
          endpoint: "http://x",
          token: "t",
        }))
          await assert.rejects(
            load(source(), { [option]: value }),
            (error) =>
              error instanceof ValueError &&
              error.message.startsWith(`load: ${option} is of files that are downloaded`),
          );
    });

    test("a stream that ends early is an error, wherever it ends", async () => {
      for (let length = 0; length < bytes.length - 24; length += 97) {
        await assert.rejects(
          load(streamOf(bytes.subarray(0, length), 50), { format: name as "pt" }),
          (error) => error instanceof FormatError || error instanceof FileError,
          `cut at ${length}`,
        );
      }
    });

    test("an abort gives the stream up", async () => {
      const controller = new AbortController();
      let reason: unknown;
      const stream = streamOf(bytes, 50, (given) => {
        reason = given;
      });
      const options = { signal: controller.signal, onProgress: () => controller.abort(new Error("enough")) };
      await assert.rejects(load(stream, options), /enough/);
      assert.match(String(reason), /enough/);
    });
  });
}

describe("streams", () => {
  test("a .safetensors stream that goes on after its tensors", async () => {
    const { safetensors } = files;
    const longer = new Uint8Array(safetensors.length + 1);
    longer.set(safetensors);
    await assert.rejects(load(streamOf(longer, 100)), /goes on after byte/);
  });

  test("one that never gives anything is ended by a signal", async () => {
    const controller = new AbortController();
    const loading = load(new ReadableStream({}), { format: "pt", signal: controller.signal });
    controller.abort();
    await assert.rejects(loading, { name: "AbortError" });
  });

  test("one that fails, is read twice, or gives no bytes", async () => {
    const failing = new ReadableStream({ pull: (controller) => controller.error(new Error("broken")) });
    await assert.rejects(
      load(failing),
      (error) => error instanceof FileError && /broken/.test(error.message),
    );
    const stream = streamOf(files.pt, 100);
    await load(stream);
    const held = streamOf(files.pt, 100);
    held.getReader();
    await assert.rejects(load(held), /is being read by someone else/);
    const texts = new ReadableStream({
      start(controller) {
        controller.enqueue("text");
      },
    });
    await assert.rejects(load(texts), /something other than bytes/);
  });

  test("responses that are errors, or were read", async () => {
    await assert.rejects(
      load(new Response("", { status: 404 })),
      (error) => error instanceof DownloadError && error.status === 404,
    );
    const response = new Response(files.pt.slice());
    await response.arrayBuffer();
    await assert.rejects(load(response), DownloadError);
  });

  test("progress of a stream: bytes so far, of a total where it is known", async () => {
    const seen: (number | null)[] = [];
    const bytes = files.safetensors;
    await load(new Response(streamOf(bytes, 500), { headers: { "content-length": String(bytes.length) } }), {
      onProgress: ({ loaded, total }) => seen.push(loaded, total),
    });
    assert.deepEqual(seen.slice(-2), [bytes.length, bytes.length]);
    assert.deepEqual(seen.slice(0, 2), [500, bytes.length]);
  });

  test("saved to a stream, part by part", async () => {
    for (const format of ["pt", "safetensors", "npz"] as const) {
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      const [loaded] = await Promise.all([load(readable), save(tensors(), writable, { format })]);
      assert.deepEqual(loaded.b.toArraySync(), [3], format);
    }
  });

  test("a stream that takes nothing, and one that is taken", async () => {
    let aborted: unknown;
    const full = new WritableStream({
      write() {
        throw new Error("full");
      },
      abort(reason) {
        aborted = reason;
      },
    });
    await assert.rejects(
      save(tensors(), full, { format: "pt" }),
      (error) => error instanceof FileError && /full/.test(error.message),
    );
    assert.equal(aborted, undefined);
    const taken = new WritableStream();
    taken.getWriter();
    await assert.rejects(save(tensors(), taken, { format: "pt" }), /being written by someone else/);
  });
});

describe("claims of lengths", () => {
  /** A header of .safetensors with one tensor of so many bytes, and a little of it. */
  const claiming = (bytes: number): Uint8Array => {
    const json = JSON.stringify({ a: { dtype: "U8", shape: [bytes], data_offsets: [0, bytes] } });
    const header = new TextEncoder().encode(json);
    const file = new Uint8Array(8 + header.length + 100);
    new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
    file.set(header, 8);
    return file;
  };
  const CLAIMS = [2 ** 31, 2 ** 33 + 1, 2 ** 40, 2 ** 47];

  test("a stream that claims more than comes", async () => {
    for (const claim of CLAIMS)
      for (const size of [null, claim + 80, 999_999_999_999_999]) {
        const headers = size === null ? {} : { "content-length": String(size) };
        await assert.rejects(
          load(new Response(streamOf(claiming(claim), 50), { headers })),
          (error) => error instanceof FileError || error instanceof FormatError,
          `${claim} ${size}`,
        );
      }
  });

  test("an answer that announces more than comes, of formats that are read whole", async () => {
    for (const [name, bytes] of Object.entries(files)) {
      for (const size of CLAIMS)
        await assert.rejects(
          load(new Response(streamOf(bytes, 500), { headers: { "content-length": String(size) } }), {
            format: name as "pt",
          }),
          (error) => error instanceof FileError || error instanceof FormatError,
          `${name} ${size}`,
        );
    }
  });

  test("64-bit lengths at every place of a header", async () => {
    for (const [name, bytes] of Object.entries(files)) {
      for (let at = 0; at < Math.min(bytes.length - 8, 400); at += 4) {
        const file = bytes.slice();
        new DataView(file.buffer).setBigUint64(at, 2n ** 47n - 8n, true);
        for (const source of [file, streamOf(file, 1000)])
          await load(source, { format: name as "pt" }).catch((error: unknown) =>
            assert.ok(error instanceof FlambeauError, `${name} at ${at}: ${(error as Error).stack}`),
          );
      }
    }
  });
});

describe("targets and sources that are none", () => {
  test("are named", async () => {
    for (const source of [3, null, [], {}, Symbol("x"), new Map()])
      await assert.rejects(async () => load(source as never, {}), ArgumentError);
    for (const target of [3, null, [], {}, new Map()])
      await assert.rejects(async () => save({}, target as never, { format: "pt" }), ArgumentError);
    assert.throws(() => download("a/b.pt"), /without folders/);
    assert.throws(() => download(""), /without folders/);
  });

  test("what is of browsers is refused elsewhere, with what to write", async () => {
    if ("document" in globalThis) return;
    await assert.rejects(save({}, download("a.pt")), /only a page downloads files/);
    await assert.rejects(save({}, "opfs:a.pt"), /no origin private file system/);
    await assert.rejects(load("opfs:a.pt"), /no origin private file system/);
    await assert.rejects(load("opfs:../a.pt"), /is no file of the page's/);
  });

  test("a bare array of NumPy's", async () => {
    assert.deepEqual((await load(await toNpy(tensor([1, 2])))).toArraySync(), [1, 2]);
  });
});
