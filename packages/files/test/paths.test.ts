/** Files with a path: whole or not at all. */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { DeviceError, DTypeError, ValueError } from "@flambeau/backend";
import {
  FormatError,
  loadPt,
  loadSafetensors,
  safeOpen,
  safetensorsParts,
  savePt,
  saveSafetensors,
} from "@flambeau/serialization";
import { arange, randn, type Tensor, tensor } from "@flambeau/tensor";
import { FileError, load, loadCheckpoint, save } from "../src/index.ts";
import { PathInput } from "../src/input/path-input.ts";
import { writePath } from "../src/output/write-path.ts";
import { barOf, Meter } from "../src/progress.ts";
import { tensorsOf } from "../src/read/tensors.ts";
import { onFullDisk } from "./full-disk.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
/** Node 20 does not, and its tests run on the built packages. */
const runsTypeScript = Number(process.versions.node.split(".")[0]) >= 22;
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flambeau-files-"));
});
const at = (name: string): string => join(folder, name);
const tensors = (): Record<string, Tensor> => ({ w: arange(6).reshape([2, 3]), n: tensor([1n, 2n]) });
const shown = (loaded: Record<string, Tensor>): unknown =>
  Object.entries(loaded).map(([name, x]) => [name, x.dtype, x.toArraySync()]);

describe("save and load", () => {
  for (const name of ["a.pt", "a.pth", "a.safetensors", "a.npz", "A.NPZ"]) {
    test(name, async () => {
      await save(tensors(), at(name));
      assert.deepEqual(
        Object.fromEntries(shown(await load(at(name))) as [string][]),
        Object.fromEntries(shown(tensors()) as [string][]),
      );
      assert.deepEqual(readdirSync(folder), [name]);
    });
  }

  test("a folder that is not there is named", async () => {
    await assert.rejects(save(tensors(), at("runs/1/a.pt")), (error) => {
      assert.ok(error instanceof FileError && error.code === "ENOENT");
      assert.equal(
        error.message,
        `${at("runs/1/a.pt")}: there is no folder "${at("runs/1")}"; make it first`,
      );
      return true;
    });
    await assert.rejects(save(tensors(), "no-such-folder/a.pt"), /there is no folder "no-such-folder"/);
  });

  test("a .npy file, by an URL", async () => {
    const url = pathToFileURL(at("x y.npy"));
    await save(tensor([1, 2]), url);
    assert.deepEqual((await load(url)).toArraySync(), [1, 2]);
    assert.deepEqual((await load(url.href, { dtype: "float64" })).dtype, "float64");
    assert.equal((await load(at("x y.npy"), { dtype: "float64" })).dtype, "float64");
  });

  test("integers of a .npy file stay integers, halves halves", async () => {
    await save(tensor([1n]), at("n.npy"));
    assert.equal((await load(at("n.npy"), { dtype: "float64" })).dtype, "int64");
    const header = "{'descr': '<f2', 'fortran_order': False, 'shape': (1,), }".padEnd(117);
    const bytes = Uint8Array.from([
      0x93,
      ...Buffer.from("NUMPY"),
      1,
      0,
      118,
      0,
      ...Buffer.from(`${header}\n`),
      0,
      0x3e,
    ]);
    writeFileSync(at("h.npy"), bytes);
    const x = await load(at("h.npy"));
    assert.deepEqual([x.dtype, x.toArraySync()], ["float16", [1.5]]);
  });

  test("the file is the one that the writers of bytes make", async () => {
    await save(tensors(), at("a.safetensors"), { metadata: { format: "pt" } });
    assert.deepEqual(
      new Uint8Array(readFileSync(at("a.safetensors"))),
      await saveSafetensors(tensors(), { metadata: { format: "pt" } }),
    );
    const checkpoint = { epoch: 3, model: tensors() };
    await save(checkpoint, at("a.pt"));
    assert.deepEqual(new Uint8Array(readFileSync(at("a.pt"))), await savePt(checkpoint));
    assert.equal(loadPt(new Uint8Array(readFileSync(at("a.pt")))).epoch, 3);
  });

  test("a name without an ending: the format is given, and found by the first bytes", async () => {
    for (const format of ["pt", "safetensors", "npz"] as const) {
      await assert.rejects(save(tensors(), at("x")), /ends in none of/);
      await save(tensors(), at("x"), { format });
      assert.deepEqual((await load(at("x"))).n.toArraySync(), [1, 2], format);
    }
    writeFileSync(at("x"), "something else");
    await assert.rejects(
      load(at("x")),
      (error) => error instanceof FormatError && error.message.startsWith(at("x")),
    );
  });

  test("names as programs in PyTorch give them: written as .pt, read as what they are", async () => {
    for (const name of ["a.tar", "a.ckpt", "pytorch_model.bin", "a.pkl", "A.TAR"]) {
      await save({ epoch: 3 }, at(name));
      assert.equal((await load(at(name), { weightsOnly: true })).epoch, 3, name);
      assert.equal((await loadCheckpoint(at(name))).epoch, 3, name);
    }
    await save(tensors(), at("b.bin"), { format: "safetensors" });
    assert.deepEqual((await load(at("b.bin"))).n.toArraySync(), [1, 2]);
    writeFileSync(at("c.tar"), "something else");
    await assert.rejects(
      load(at("c.tar")),
      (error) => error instanceof FormatError && /none of PyTorch's/.test(error.message),
    );
  });

  test("weightsOnly is always true", async () => {
    await save(tensors(), at("a.pt"));
    assert.deepEqual((await load(at("a.pt"), { weightsOnly: true })).n.toArraySync(), [1, 2]);
    await assert.rejects(
      load(at("a.pt"), { weightsOnly: false }),
      (error) => error instanceof ValueError && /weightsOnly is always true.*state_dict/.test(error.message),
    );
  });

  test("a file has the values of the time of the call", async () => {
    for (const name of ["a.pt", "a.safetensors", "a.npz"]) {
      const parts = tensors();
      const saving = save(parts, at(name));
      parts.w.add_(1);
      parts.n.add_(1);
      await saving;
      const loaded = await load(at(name));
      assert.deepEqual(
        [loaded.w.toArraySync()[0], loaded.n.toArraySync()],
        [
          [0, 1, 2],
          [1, 2],
        ],
        name,
      );
    }
    const x = tensor([1, 2]);
    const saving = save(x, at("x.npy"));
    x.zero_();
    await saving;
    assert.deepEqual((await load(at("x.npy"))).toArraySync(), [1, 2]);
  });

  test("device, dtype and mapLocation", async () => {
    for (const name of ["a.pt", "a.safetensors", "a.npz"]) {
      await save(tensors(), at(name));
      const { w, n } = await load(at(name), { device: "cpu", dtype: "float64" });
      assert.deepEqual([w.dtype, n.dtype], ["float64", "int64"]);
      assert.equal((await load(at(name), { mapLocation: "cpu" })).w.device, "cpu");
      await assert.rejects(load(at(name), { mapLocation: "tpu" }), DeviceError);
      await assert.rejects(load(at(name), { mapLocation: "cpu", device: "tpu" }), ValueError);
      await assert.rejects(load(at(name), { dtype: "int64" }), DTypeError);
    }
  });

  test("a .safetensors file is read with memory for its largest tensor", async () => {
    const parts = { a: randn([1000]), b: randn([5000]), c: randn([10]) };
    await save(parts, at("a.safetensors"));
    const input = await PathInput.open(at("a.safetensors"), new Meter("", null, {}));
    let largest = 0;
    const read = async (start: number, end: number): Promise<Uint8Array> => {
      largest = Math.max(largest, end - start);
      return input.read(start, end);
    };
    const loaded = await tensorsOf(await safeOpen({ size: input.size, read }), input);
    await input.close();
    assert.equal(largest, 20000);
    // The memory of one read is used for the next; what was made of it is not.
    for (const [name, x] of Object.entries(parts)) assert.ok(loaded[name].equal(x), name);
  });

  test("several files, by their index: only those beside it", async () => {
    await save({ a: tensor([1]) }, at("1.safetensors"));
    await save({ b: tensor([2]), c: tensor([3]) }, at("2.safetensors"));
    const index = (map: unknown): string => {
      writeFileSync(at("m.safetensors.index.json"), JSON.stringify({ weight_map: map }));
      return at("m.safetensors.index.json");
    };
    const loaded = await load(index({ b: "2.safetensors", a: "1.safetensors" }));
    assert.deepEqual(shown(loaded), [
      ["b", "float32", [2]],
      ["a", "float32", [1]],
    ]);
    await assert.rejects(
      load(index({ z: "1.safetensors" })),
      (error) => error instanceof FormatError && /1\.safetensors: the index has "z"/.test(error.message),
    );
    await assert.rejects(load(index({ a: "3.safetensors" })), FileError);
    for (const path of ["../1.safetensors", "/etc/passwd", "..", "http://x/y", "a\\b", "", 3])
      await assert.rejects(load(index({ a: path })), /which is no file beside it/);
    await assert.rejects(load(index([])), /no weight_map/);
    writeFileSync(at("m.safetensors.index.json"), "{");
    await assert.rejects(load(at("m.safetensors.index.json")), /the index is no JSON/);
  });

  test("a file of a terabyte, all of it a hole", { skip: process.platform !== "linux" }, async () => {
    const size = 2 ** 40;
    const header = (bytes: number): Uint8Array => {
      const json = JSON.stringify({ a: { dtype: "U8", shape: [bytes], data_offsets: [0, bytes] } });
      return Uint8Array.from([json.length, 0, 0, 0, 0, 0, 0, 0, ...Buffer.from(json)]);
    };
    const whole = header(size - header(size).length);
    for (const name of ["a.pt", "a.npz", "a.npy", "a.safetensors"]) {
      writeFileSync(at(name), whole);
      truncateSync(at(name), size);
      await assert.rejects(
        load(at(name)),
        (error) => error instanceof FormatError && /for which the runtime has no memory/.test(error.message),
        name,
      );
    }
  });

  test("errors name the path", async () => {
    await assert.rejects(
      load(at("none.pt")),
      (error) => error instanceof FileError && error.code === "ENOENT" && error.target === at("none.pt"),
    );
    await assert.rejects(load(folder), /it is a folder/);
    await assert.rejects(
      save({}, at("none/a.pt")),
      (error) => error instanceof FileError && error.code === "ENOENT",
    );
    writeFileSync(at("a.safetensors"), "short");
    await assert.rejects(
      load(at("a.safetensors")),
      (error) => error instanceof FormatError && String(error.stack).includes(at("a.safetensors")),
    );
    await assert.rejects(load("s3://bucket/a.pt"), ValueError);
    for (const text of ["", "http://", "https://[x", "file://host%00/a", "hf:a"])
      await assert.rejects(load(text), ValueError, text);
    await assert.rejects(save({}, "https://example.org/a.pt"), ValueError);
    await assert.rejects(save({}, at("a.gguf")), /read only/);
    await assert.rejects(save(tensors(), at("a.pt"), { metadata: {} }), /metadata is what/);
    await assert.rejects(save(tensors(), at("a.pt"), { compressed: true }), /compressed is of/);
  });
});

describe("writing", () => {
  test("an object that cannot be saved, an abort, a part that fails: the old file stays, and nothing else", async () => {
    const path = at("a.safetensors");
    await save(tensors(), path);
    const before = readFileSync(path);
    await assert.rejects(save({ w: 1 }, path), ValueError);
    const controller = new AbortController();
    const stop = { signal: controller.signal, onProgress: () => controller.abort() };
    await assert.rejects(save({ w: randn([100]) }, path, stop), { name: "AbortError" });
    const failing = (): never => {
      throw new Error("enough");
    };
    await assert.rejects(save({ w: randn([100]) }, path, { onProgress: failing }), /^Error: enough$/);
    assert.deepEqual(readFileSync(path), before);
    assert.deepEqual(readdirSync(folder), ["a.safetensors"]);
  });

  test("a full disk: a FileError with the system's code, and the old file", async () => {
    const path = at("a.safetensors");
    await save(tensors(), path);
    const before = readFileSync(path);
    for (const room of [0, 10, 300])
      await onFullDisk(folder, room, () =>
        assert.rejects(
          save({ w: randn([1000]) }, path),
          (error) => error instanceof FileError && error.code === "ENOSPC" && error.target === path,
        ),
      );
    assert.deepEqual(readFileSync(path), before);
    assert.deepEqual(readdirSync(folder), ["a.safetensors"]);
  });

  test("a process that is killed while it writes leaves the old file; a write a day later clears up", {
    skip: !runsTypeScript,
  }, async () => {
    const path = at("a.safetensors");
    await save(tensors(), path);
    const before = readFileSync(path);
    // Stops for good after the first part.
    const program = `
      import { writePath } from ${JSON.stringify(new URL("../src/output/write-path.ts", import.meta.url).href)};
      import { Meter } from ${JSON.stringify(new URL("../src/progress.ts", import.meta.url).href)};
      async function* parts() {
        yield new Uint8Array(1000);
        console.log("half");
        setInterval(() => {}, 1000);
        await new Promise(() => {});
      }
      await writePath(${JSON.stringify(path)}, { size: 2000, parts }, new Meter("", 2000, {}));`;
    writeFileSync(at("program.ts"), program);
    const isDeno = "Deno" in globalThis;
    const conditions = "--conditions=@flambeau/source";
    const args = isDeno
      ? [
          "run",
          "--allow-all",
          "--no-check",
          "--no-remote",
          "--cached-only",
          `--config=${join(root, "deno.json")}`,
          conditions,
          at("program.ts"),
        ]
      : [conditions, at("program.ts")];
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const isWriting = await new Promise((resolve) => {
      child.stdout.once("data", () => resolve(true));
      child.once("exit", () => resolve(false));
    });
    assert.ok(isWriting, "the program ended before it wrote");
    const left = readdirSync(folder).filter((name) => name.endsWith(".tmp"));
    assert.equal(left.length, 1);
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    assert.deepEqual(readFileSync(path), before);
    // It may be another container's, which still writes: only time tells.
    await save({ w: tensor([1]) }, path);
    assert.deepEqual(readdirSync(folder).sort(), [left[0], "a.safetensors", "program.ts"]);
    const dayBefore = Date.now() / 1000 - 25 * 3600;
    utimesSync(at(left[0]), dayBefore, dayBefore);
    await save({ w: tensor([2]) }, path);
    assert.deepEqual(readdirSync(folder).sort(), ["a.safetensors", "program.ts"]);
  });

  test("two writes at once to one file: it is one of them, whole", async () => {
    const path = at("a.safetensors");
    await Promise.all([1, 2, 3, 4].map((n) => save({ w: tensor(new Array(1000).fill(n)) }, path)));
    const { w } = await load(path);
    assert.equal(new Set(w.toArraySync()).size, 1);
    assert.deepEqual(readdirSync(folder), ["a.safetensors"]);
  });

  test("the file keeps its permissions, and a link leads where it led", {
    skip: process.platform === "win32",
  }, async () => {
    await save(tensors(), at("a.pt"));
    chmodSync(at("a.pt"), 0o600);
    mkdirSync(at("links"));
    symlinkSync(at("a.pt"), at("links/b.pt"));
    await save({ epoch: 2 }, at("links/b.pt"));
    assert.equal(statSync(at("a.pt")).mode & 0o777, 0o600);
    assert.equal(realpathSync(at("links/b.pt")), realpathSync(at("a.pt")));
    assert.equal((await load(at("a.pt"))).epoch, 2);
  });

  test("a link to where nothing is yet is written through, and the link stays", {
    skip: process.platform === "win32",
  }, async () => {
    mkdirSync(at("links"));
    mkdirSync(at("real"));
    symlinkSync("../real/b.pt", at("links/b.pt"));
    symlinkSync(at("links/b.pt"), at("c.pt"));
    await assert.rejects(load(at("c.pt")), (error) => error instanceof FileError && error.code === "ENOENT");
    await save({ epoch: 2 }, at("c.pt"));
    assert.deepEqual([readdirSync(at("real")), (await load(at("c.pt"))).epoch], [["b.pt"], 2]);
    assert.ok(lstatSync(at("c.pt")).isSymbolicLink() && lstatSync(at("links/b.pt")).isSymbolicLink());
    // Its folder is missing.
    symlinkSync(at("none/b.pt"), at("d.pt"));
    await assert.rejects(
      save({}, at("d.pt")),
      (error) => error instanceof FileError && error.code === "ENOENT",
    );
    symlinkSync(at("f.pt"), at("e.pt"));
    symlinkSync(at("e.pt"), at("f.pt"));
    await assert.rejects(load(at("e.pt")), (error) => error instanceof FileError && error.code === "ELOOP");
    await assert.rejects(save({}, at("e.pt")), FileError);
    assert.ok(lstatSync(at("e.pt")).isSymbolicLink());
  });

  test("folders, devices and pipes are refused, and stay", {
    skip: process.platform === "win32",
  }, async () => {
    execFileSync("sh", ["-c", 'mkfifo "$1"', "sh", at("pipe.pt")]);
    mkdirSync(at("folder.pt"));
    symlinkSync("/dev/null", at("null.pt"));
    for (const name of ["pipe.pt", "null.pt"]) {
      await assert.rejects(save({}, at(name)), /it is a device, a pipe or a socket/);
      await assert.rejects(
        load(at(name)),
        (error) => error instanceof FileError && /it is a device, a pipe or a socket/.test(error.message),
      );
    }
    await assert.rejects(save({}, at("folder.pt")), /it is a folder; name a file in it/);
    await assert.rejects(load(at("folder.pt")), /it is a folder; name a file in it/);
    await assert.rejects(
      save({}, at("pipe.pt/a.pt")),
      (error) => error instanceof FileError && error.code === "ENOTDIR",
    );
    assert.deepEqual(readdirSync(folder).sort(), ["folder.pt", "null.pt", "pipe.pt"]);
    assert.ok(lstatSync(at("pipe.pt")).isFIFO() && lstatSync(at("null.pt")).isSymbolicLink());
  });

  test("a long name, and names of temporary files that no two writes share", async () => {
    const name = `${"ä".repeat(120)}.pt`;
    const seen = new Set<string>();
    const note = (): void => {
      for (const file of readdirSync(folder)) if (file.endsWith(".tmp")) seen.add(file);
    };
    await Promise.all(
      Array.from({ length: 20 }, () => save({ w: randn([10]) }, at(name), { onProgress: note })),
    );
    assert.deepEqual(readdirSync(folder), [name]);
    assert.equal(seen.size, 20);
    for (const file of seen) assert.match(file, /^\.ä+\.[0-9a-f]{24}\.tmp$/);
  });

  test("listeners are gone afterwards", async () => {
    const before = process.listenerCount("exit");
    const { signal } = new AbortController();
    let listeners = 0;
    const counting = {
      get aborted(): boolean {
        return signal.aborted;
      },
      get reason(): unknown {
        return signal.reason;
      },
      addEventListener: () => listeners++,
      removeEventListener: () => listeners--,
    };
    const within: number[] = [];
    const onProgress = (): void => void within.push(process.listenerCount("exit") - before);
    await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        save(tensors(), at(`${i}.safetensors`), { signal: counting, onProgress }),
      ),
    );
    await load(at("0.safetensors"), { signal: counting });
    await load(new Blob([readFileSync(at("0.safetensors"))]), { signal: counting });
    const readable = new Blob([readFileSync(at("0.safetensors"))]).stream();
    await load(readable, { signal: counting });
    assert.equal(readable.locked, false);
    const { readable: other, writable } = new TransformStream<Uint8Array, Uint8Array>();
    await Promise.all([load(other), save(tensors(), writable, { format: "pt", signal: counting })]);
    assert.deepEqual([other.locked, writable.locked], [false, false]);
    assert.equal(listeners, 0);
    // However many files are written, the process has one listener.
    assert.ok(within.length > 12 && within.every((count) => count === 1), String(within));
    assert.equal(process.listenerCount("exit"), before);
  });

  test("parts are written one after the other", async () => {
    const seen: number[] = [];
    const parts = safetensorsParts({ a: randn([100]), b: randn([200]) });
    await writePath(
      at("a.safetensors"),
      parts,
      new Meter("", parts.size, { onProgress: ({ loaded }) => seen.push(loaded) }),
    );
    assert.deepEqual([seen.length, seen.at(-1)], [3, parts.size]);
    assert.equal(loadSafetensors(new Uint8Array(readFileSync(at("a.safetensors")))).b.shape[0], 200);
  });

  test("an abort before anything was read or written", async () => {
    const signal = AbortSignal.abort();
    await assert.rejects(save({}, at("a.pt"), { signal }), { name: "AbortError" });
    await assert.rejects(load(at("a.pt"), { signal }), { name: "AbortError" });
    assert.deepEqual(readdirSync(folder), []);
  });
});

test("a bar", () => {
  assert.equal(barOf("a.pt", 5e6, 1e7), `a.pt  [${"#".repeat(15)}${".".repeat(15)}]  50%  5.0 of 10.0 MB`);
  assert.equal(barOf("a.pt", 5e6, null), "a.pt  5.0 MB");
  assert.equal(barOf("a.pt", 0, 0), `a.pt  [${"#".repeat(30)}] 100%  0.0 of 0.0 MB`);
});
