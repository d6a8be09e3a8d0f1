/** Files of PyTorch's that were made, or damaged, to do harm. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FlambeauError, ValueError } from "@flambeau/backend";
import { ones } from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/pt.json" with { type: "json" };
import { loadPt, savePt, UnpicklingError } from "../src/index.ts";
import { below, bytesOf, joined, refusesCuts, survives } from "./files.ts";

const files = fixture.files.map(({ name, file }) => ({ name, bytes: bytesOf(file) }));
const ascii = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** A file of the legacy form whose object is this pickle, without the opcode that ends it. */
function legacy(...pickle: readonly (string | readonly number[])[]): Uint8Array {
  const start = bytesOf("gAKKCmz8nEb5IGqoUBkugAJN6QMugAJ9Lg==");
  const object = pickle.map((part) => (typeof part === "string" ? ascii(part) : Uint8Array.from(part)));
  return joined(start, ...object, ascii("."), ascii("].")) as Uint8Array;
}

const uint32 = (n: number): number[] => [...new Uint8Array(new Uint32Array([n]).buffer)];
const uint64 = (n: bigint): number[] => [...new Uint8Array(new BigUint64Array([n]).buffer)];
const global = (module: string, name: string): string => `c${module}\n${name}\n`;
const storage = (numel: number, key = "0"): string =>
  `(X\x07\0\0\0storage${global("torch", "FloatStorage")}X\x01\0\0\0${key}X\x03\0\0\0cpuJ${String.fromCharCode(...uint32(numel))}tQ`;

function refuses(file: Uint8Array, message: RegExp): void {
  assert.throws(
    () => loadPt(file),
    (error) => {
      assert.ok(error instanceof FlambeauError, `${error}`);
      assert.match(error.message, message);
      return true;
    },
  );
}

describe("hostile .pt files", () => {
  test("what legacy() makes is read", () => {
    assert.equal(loadPt(legacy("N")), null);
    assert.deepEqual(loadPt(legacy("](K\x01K\x02e")), [1, 2]);
  });

  test("a file cut anywhere is refused", () => {
    const chosen = [
      "booleans",
      "booleans, legacy",
      "torch.bool",
      "torch.bool, legacy",
      "gradients",
      "gradients, legacy",
      "deflated",
    ];
    for (const { bytes } of files.filter(({ name }) => chosen.includes(name))) refusesCuts(bytes, loadPt);
  });

  test("mutated files are read or refused", () => {
    const small = files.filter(({ bytes }) => bytes.length < 3000).map(({ bytes }) => bytes);
    const refused = survives(small, loadPt);
    assert.ok(refused > 5, `${refused} refused`);
  });

  test("mutated pickles are read or refused", () => {
    const old = files
      .filter(({ name, bytes }) => name.includes("legacy") && bytes.length < 1500)
      .map(({ bytes }) => bytes);
    const refused = survives(old, loadPt);
    assert.ok(refused > 5, `${refused} refused`);
  });

  test("every opcode is read or refused, whatever the stack holds", () => {
    const before = [
      "",
      "N",
      "(",
      "](",
      "}(",
      "K\x01",
      "](K\x01K\x02",
      "}(K\x01",
      ")",
      ")N",
      `${global("collections", "OrderedDict")})`,
      storage(4),
    ];
    const seen = new Set<string>();
    for (let code = 0; code < 256; code++) {
      for (const stack of before) {
        for (let i = 0; i < 3; i++) {
          const args = Array.from({ length: below(12) }, () => below(256));
          try {
            loadPt(legacy(stack, [code], args));
          } catch (error) {
            assert.ok(
              error instanceof FlambeauError,
              `opcode ${code} after ${JSON.stringify(stack)}: ${error}`,
            );
            seen.add(error.message.replace(/\d+/g, "0"));
          }
        }
      }
    }
    assert.ok(seen.size > 20, `${seen.size} different messages`);
  });

  test("lengths beyond the file are refused before anything is allocated", () => {
    for (const code of [0x58, 0x42, 0x54, 0x8b])
      refuses(legacy([code, ...uint32(2 ** 32 - 1)]), /is cut off at byte \d+: 4294967295 bytes/);
    for (const code of [0x8d, 0x8e, 0x96]) refuses(legacy([code, ...uint64(2n ** 63n)]), /is cut off/);
    refuses(legacy("c"), /is cut off|a line should follow/);
  });

  test("a damaged stack or memo is refused", () => {
    refuses(legacy("a"), /more from its stack/);
    refuses(legacy("t"), /a mark that it has not set/);
    refuses(legacy("h\x05"), /memo 5, which it has not set/);
    refuses(legacy("}(K\x01u"), /a key without a value/);
    refuses(legacy("}]K\x01s"), /a list as a key/);
    refuses(legacy("}}K\x01s"), /a dictionary as a key/);
    refuses(legacy("K\x01K\x02a"), /APPEND where 1 is/);
    refuses(legacy("K\x01)R"), /REDUCE where 1 is/);
    refuses(legacy("\x80\x06N"), /protocol 6/);
    refuses(legacy("I1\n"), /opcode INT at byte \d+, which torch.save does not write/);
    refuses(legacy("\x82\x01"), /opcode EXT1/);
    refuses(legacy("X\x01\0\0\0\xff"), /no UTF-8/);
    refuses(legacy(")\x81"), /more from its stack/);
  });

  test("globals are refused where they are named, called or not", () => {
    for (const [module, name] of [
      ["os", "system"],
      ["posix", "system"],
      ["builtins", "eval"],
      ["__builtin__", "eval"],
      ["__builtin__", "getattr"],
      ["torch", "load"],
      ["torch.hub", "load"],
      ["torch", "__proto__"],
      ["__proto__", "toString"],
      ["constructor", "constructor"],
      ["torch._utils", "_rebuild_tensor_v2.__globals__"],
      ["collections", "OrderedDict.__init__"],
      ["", ""],
    ]) {
      const path = `${module.replace("__builtin__", "builtins")}.${name}`;
      for (const file of [
        legacy(global(module, name)),
        legacy(
          `X${String.fromCharCode(...uint32(module.length))}${module}X${String.fromCharCode(...uint32(name.length))}${name}\x93`,
        ),
      ]) {
        assert.throws(
          () => loadPt(file),
          (error) => error instanceof UnpicklingError && error.global === path,
          path,
        );
      }
    }
  });

  test("what makes a tensor is checked", () => {
    const rebuild = global("torch._utils", "_rebuild_tensor_v2");
    const made = (args: string): Uint8Array => legacy(`${rebuild}(${args}tR`);
    refuses(made(`${storage(4)}K\0K\x04\x85K\x01\x85\x89)`), /the file has no storage "0"/);
    refuses(made(`${storage(4)}K\0K\x05\x85K\x01\x85\x89)`), /reaches beyond the 4 elements/);
    refuses(made(`${storage(4)}K\x01K\x04\x85K\x01\x85\x89)`), /reaches beyond/);
    refuses(made(`${storage(4)}K\0K\x04\x85)\x89)`), /not as many strides as dimensions/);
    refuses(
      made(`${storage(4)}J\xff\xff\xff\xffK\x04\x85K\x01\x85\x89)`),
      /-1 for a size of a tensor's offset/,
    );
    refuses(made(`${storage(4)}K\0J\xff\xff\xff\xff\x85K\x01\x85\x89)`), /-1 for a size/);
    const huge = `\x8a\x07${"\xff".repeat(6)}\x1f`;
    refuses(
      made(`${storage(4)}K\0(${huge}${huge}t(K\0K\0t\x89)`),
      /a tensor has the shape|no integer|beyond/,
    );
    refuses(
      made(`${storage(4)}K\0(${"K\x01".repeat(65)}t(${"K\x01".repeat(65)}t\x89)`),
      /at most 64 dimensions/,
    );
    refuses(made("NK\0K\x04\x85K\x01\x85\x89)"), /null for a tensor's storage/);
    refuses(made(""), /undefined for a tensor's storage/);
    refuses(legacy(storage(-1)), /no storage/);
    refuses(legacy(`${storage(4)}0${storage(5)}`), /two of different sizes/);
    refuses(legacy(storage(4)), /torch.storage.TypedStorage where a value should be/);
    refuses(legacy(`(X\x06\0\0\0moduleNtQ`), /a whole module/);
    refuses(legacy("NQ"), /no storage/);
  });

  test("collections nested too deep are refused, in a chain and in a graph", () => {
    assert.doesNotThrow(() => loadPt(legacy("]".repeat(1000), "a".repeat(999))));
    refuses(legacy("]".repeat(1001), "a".repeat(1000)), /more than 1000 deep/);
    refuses(legacy("]".repeat(200_000), "a".repeat(199_999)), /more than 1000 deep/);
    refuses(legacy(")", "\x85".repeat(100_000)), /more than 1000 deep/);
    // Each list holds the one before, and the outer one all of them, the innermost first.
    const chain = Array.from({ length: 1500 }, (_, i) =>
      i === 0
        ? "]r\0\0\0\0"
        : `]r${String.fromCharCode(...uint32(i))}j${String.fromCharCode(...uint32(i - 1))}a`,
    );
    refuses(legacy("](", ...chain, "e"), /more than 1000 deep/);
  });

  test("a pickle that makes more objects than any checkpoint has is refused", () => {
    refuses(legacy("}0".repeat(2 ** 21 + 1), "N"), /more than 2097152 objects/);
  });

  test("a pickle that doubles itself takes no more memory than it has bytes", () => {
    // Thirty lists, each of which holds the one before twice: 2^30 paths.
    const lists = Array.from({ length: 30 }, (_, i) =>
      i === 0
        ? "]q\0"
        : `]q${String.fromCharCode(i)}(h${String.fromCharCode(i - 1)}h${String.fromCharCode(i - 1)}e`,
    );
    let value = loadPt(legacy(...lists));
    for (let i = 0; i < 29; i++) {
      assert.equal(value[0], value[1]);
      value = value[0];
    }
    assert.deepEqual(value, []);
  });

  test("calls do not multiply what the memo holds", () => {
    const list = `]q\0(${"K\x01".repeat(1000)}e0`;
    const text = `X${String.fromCharCode(...uint32(1000))}${"a".repeat(1000)}q\x000`;
    const bytes = `${global("_codecs", "encode")}h\0X\x06\0\0\0latin1\x86R0`;
    for (const [held, call] of [
      [list, `${global("__builtin__", "set")}h\0\x85R0`],
      [list, `${global("torch", "Size")}h\0\x85R0`],
      [text, bytes],
    ]) {
      assert.doesNotThrow(() => loadPt(legacy(held, call, "N")));
      refuses(legacy(held, call.repeat(1000), "N"), /makes more of its collections than there is in it/);
    }
  });

  test("collections that hold themselves do so again", async () => {
    const list: unknown[] = [1];
    const dict: Record<string, unknown> = { list };
    list.push(list, dict);
    dict.self = dict;
    const again = loadPt(await savePt(list));
    assert.equal(again[1], again);
    assert.equal(again[2].self, again[2]);
    assert.equal(again[2].list, again);
  });

  test("names of JavaScript's are keys like any other", () => {
    const loaded = loadPt(legacy("}X\x09\0\0\0__proto__}X\x01\0\0\0xK\x01ss"));
    assert.equal(Object.getPrototypeOf(loaded), Object.prototype);
    assert.deepEqual(Object.keys(loaded), ["__proto__"]);
    assert.equal(loaded.x, undefined);
    assert.equal(({} as Record<string, unknown>).x, undefined);
  });
});

describe("savePt refuses", () => {
  const cases: readonly (readonly [unknown, RegExp])[] = [
    [undefined, /what is to be saved is undefined, which PyTorch has nothing for; use null/],
    [{ a: [1, undefined] }, /obj\["a"\]\[1\] is undefined/],
    [{ a: () => 1 }, /obj\["a"\] is a function/],
    [{ a: Symbol("x") }, /obj\["a"\] is Symbol\(x\)/],
    [new Date(0), /is a Date/],
    [{ x: new Float32Array(2) }, /is a Float32Array.*make a tensor of it/],
    [new Map([[{}, 1]]), /obj \(a key\)|is \{\}, which PyTorch has nothing for as a key/],
    ["\ud800", /half a surrogate pair/],
    [2n ** 3000n, /PyTorch reads 255/],
  ];
  for (const [value, message] of cases) {
    test(String(message), async () => {
      await assert.rejects(savePt(value), (error) => {
        assert.ok(error instanceof ValueError);
        assert.match(error.message, message);
        return true;
      });
    });
  }

  test("modules and optimizers, whose state dicts are to be saved", async () => {
    const { Linear } = await import("@flambeau/nn");
    await assert.rejects(savePt({ model: new Linear(1, 1) }), /obj\["model"\] is .*save its stateDict\(\)/);
  });

  test("collections that loadPt would refuse, and tensors that are gone", async () => {
    let deep: unknown = 0;
    for (let i = 0; i < 3000; i++) deep = [deep];
    await assert.rejects(savePt(deep), /nested more than 1000 deep/);
    let key: unknown = 0;
    for (let i = 0; i < 3000; i++) key = [key];
    await assert.rejects(savePt(new Map([[key, 1]])), /nested more than 1000 deep/);
    const gone = ones([1]);
    gone.dispose();
    await assert.rejects(savePt({ gone }), /obj\["gone"\].*was disposed/);
  });
});
