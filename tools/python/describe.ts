/** What Python should find in a file that was saved here, as JSON: a letter for each kind, which check.py reads. */
import { Parameter } from "@flambeau/nn";
import { Tensor } from "@flambeau/tensor";

/** Numbers the storages of one object in the order in which they are met. */
export class Description {
  readonly #storages: Map<object, number> = new Map();

  of(value: unknown): unknown {
    if (value === null || typeof value === "boolean" || typeof value === "string") return value;
    if (typeof value === "bigint") return { i: String(value) };
    if (typeof value === "number") {
      const isInteger = Number.isSafeInteger(value) && !Object.is(value, -0);
      return isInteger ? { i: String(value) } : { f: hex(new Uint8Array(new Float64Array([value]).buffer)) };
    }
    if (value instanceof Tensor) return { T: this.#tensor(value) };
    if (value instanceof Uint8Array) return { b: hex(value) };
    if (Array.isArray(value)) return { l: value.map((item) => this.of(item)) };
    if (value instanceof Set) return { s: [...value].map((item) => this.of(item)) };
    if (value instanceof Map) return { d: [...value].map(([key, item]) => [this.#key(key), this.of(item)]) };
    return { d: entriesOf(value as object).map(([key, item]) => [this.#key(key), this.of(item)]) };
  }

  /** Arrays among keys are tuples. */
  #key(key: unknown): unknown {
    return Array.isArray(key) ? { t: key.map((item) => this.#key(item)) } : this.of(key);
  }

  #tensor(x: Tensor): object {
    const { dtype, shape, strides, offset, storage } = x;
    const number = this.#storages.get(storage) ?? this.#storages.size;
    this.#storages.set(storage, number);
    const { buffer, byteOffset, byteLength } = x.dataSync();
    const parameter = x instanceof Parameter;
    const data = hex(new Uint8Array(buffer, byteOffset, byteLength));
    return { dtype, shape, strides, offset, storage: number, data, parameter, grad: x.requiresGrad };
  }
}

/** The rule of docs/decisions/serialization.md. */
function entriesOf(object: object): [unknown, unknown][] {
  const entries = Object.entries(object);
  const areNumbers =
    entries.every(([key]) => /^(0|[1-9]\d*)$/.test(key)) && !entries.every(([, x]) => x instanceof Tensor);
  return areNumbers ? entries.map(([key, x]) => [Number(key), x]) : entries;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
