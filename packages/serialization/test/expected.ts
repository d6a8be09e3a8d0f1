/** What a file of PyTorch's holds, as tools/fixtures/pt.py writes it down, against what was read of it. */
import assert from "node:assert/strict";
import type { DType, Storage, TypedArray } from "@flambeau/backend";
import { Parameter } from "@flambeau/nn";
import { Tensor } from "@flambeau/tensor";
import { bytesOf } from "./files.ts";

interface ExpectedTensor {
  readonly dtype: DType;
  readonly shape: number[];
  readonly strides: number[];
  readonly offset: number;
  readonly storage: number;
  readonly data: string;
  readonly parameter: boolean;
  readonly grad: boolean;
}

/** A value of Python's: integers, floats (their bits), bytes, lists, tuples, sets, dictionaries and tensors by a letter each. */
export type Expected =
  | null
  | boolean
  | string
  | { readonly i: string }
  | { readonly f: string }
  | { readonly b: string }
  | { readonly l: readonly Expected[] }
  | { readonly t: readonly Expected[] }
  | { readonly s: readonly Expected[] }
  | { readonly d: readonly (readonly [Expected, Expected])[] }
  | { readonly T: ExpectedTensor };

/** Compares a value that was read, bit for bit, and which tensors share memory. */
export class Comparison {
  readonly #storages: Map<number, Storage> = new Map();

  check(actual: unknown, expected: Expected, path = "value"): void {
    if (expected === null || typeof expected !== "object") assert.equal(actual, expected, path);
    else if ("i" in expected)
      assert.ok(Object.is(actual, integer(expected.i)), `${path}: ${actual} is not ${expected.i}`);
    else if ("f" in expected)
      assert.ok(Object.is(actual, float(expected.f)), `${path}: ${actual} is not ${float(expected.f)}`);
    else if ("b" in expected) assert.deepEqual(actual, bytesOf(expected.b), path);
    else if ("l" in expected || "t" in expected)
      this.#checkItems(actual, "l" in expected ? expected.l : expected.t, path);
    else if ("s" in expected)
      assert.deepEqual([...(actual as Set<unknown>)].sort(), expected.s.map(key), path);
    else if ("d" in expected) this.#checkDict(actual, expected.d, path);
    else this.#checkTensor(actual, expected.T, path);
  }

  #checkItems(actual: unknown, expected: readonly Expected[], path: string): void {
    assert.ok(Array.isArray(actual), `${path} is no array`);
    assert.equal(actual.length, expected.length, path);
    expected.forEach((item, i) => {
      this.check(actual[i], item, `${path}[${i}]`);
    });
  }

  #checkDict(actual: unknown, expected: readonly (readonly [Expected, Expected])[], path: string): void {
    const isMap = actual instanceof Map;
    assert.equal(isMap, !isRecord(expected), `${path} is ${isMap ? "a Map" : "an object"}`);
    if (!isMap) assert.equal(Object.getPrototypeOf(actual), Object.prototype, path);
    const entries = isMap ? [...actual] : Object.entries(actual as object);
    assert.equal(entries.length, expected.length, path);
    const inOrder = isMap ? entries : undefined;
    expected.forEach(([name, value], i) => {
      const wanted = key(name);
      const found = inOrder?.[i] ?? entries.find(([own]) => own === String(wanted));
      assert.ok(found !== undefined, `${path}: ${String(wanted)} is missing`);
      assert.deepEqual(found[0], isMap ? wanted : String(wanted), path);
      this.check(found[1], value, `${path}.${String(wanted)}`);
    });
  }

  #checkTensor(x: unknown, expected: ExpectedTensor, path: string): void {
    assert.ok(x instanceof Tensor, `${path} is no tensor`);
    const { dtype, shape, strides, offset } = x;
    // Where nothing lies does not matter.
    const place = x.numel() === 0 ? expected.offset : offset;
    assert.deepEqual({ dtype, shape, strides, offset: place }, pick(expected), path);
    assert.equal(x instanceof Parameter, expected.parameter, path);
    assert.equal(x.requiresGrad, expected.grad, path);
    assert.equal(x.isLeaf, true, path);
    assert.deepEqual(bits(x.dataSync()), bytesOf(expected.data), path);
    if (x.numel() === 0) return;
    const known = this.#storages.get(expected.storage);
    if (known === undefined) this.#storages.set(expected.storage, x.storage);
    else assert.equal(x.storage, known, `${path} does not share its memory`);
  }
}

function pick({ dtype, shape, strides, offset }: ExpectedTensor): object {
  return { dtype, shape, strides, offset };
}

function bits({ buffer, byteOffset, byteLength }: TypedArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** The rule of loadPt's docstring, from Python's side. */
function isRecord(entries: readonly (readonly [Expected, Expected])[]): boolean {
  if (entries.length === 0) return true;
  const areTensors = entries.every(
    ([, value]) => typeof value === "object" && value !== null && "T" in value,
  );
  const names = entries.map(([name]) => key(name));
  const isWhole = (name: unknown): boolean =>
    /^(0|[1-9]\d*)$/.test(String(name)) && Number(name) <= Number.MAX_SAFE_INTEGER;
  if (names.every((name) => typeof name === "string")) return areTensors || !names.every(isWhole);
  return !areTensors && names.every((name) => typeof name === "number" && isWhole(name));
}

/** A key, which holds no tensor. */
function key(expected: Expected): unknown {
  if (expected === null || typeof expected !== "object") return expected;
  if ("i" in expected) return integer(expected.i);
  if ("f" in expected) return float(expected.f);
  if ("t" in expected) return expected.t.map(key);
  if ("b" in expected) return bytesOf(expected.b);
  throw new Error("no key");
}

function integer(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

function float(hex: string): number {
  return new DataView(new BigUint64Array([BigInt(`0x${hex}`)]).buffer).getFloat64(0, true);
}
