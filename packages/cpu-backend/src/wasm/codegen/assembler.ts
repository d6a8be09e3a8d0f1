/**
 * Writes WebAssembly modules in the binary format.
 * Source: WebAssembly Core Specification 3.0, chapter 5.
 */
import { i32, type LaneMemoryOp, type LaneOp, type MemoryOp, type Op } from "./opcodes.ts";

export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128";

const TYPES: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b };
const EMPTY = 0x40;

const floatBytes = new DataView(new ArrayBuffer(16));

/** An unsigned integer in LEB128. */
function unsigned(to: number[], value: number): void {
  do {
    const rest = Math.floor(value / 128);
    to.push((value % 128) | (rest > 0 ? 128 : 0));
    value = rest;
  } while (value > 0);
}

/** A signed 64-bit integer in LEB128. */
function signed(to: number[], value: bigint): void {
  for (let rest = BigInt.asIntN(64, value); ; ) {
    const byte = Number(rest & 127n);
    rest >>= 7n;
    const done = rest === ((byte & 64) === 0 ? 0n : -1n);
    to.push(done ? byte : byte | 128);
    if (done) return;
  }
}

function vector(to: number[], items: readonly (readonly number[])[]): void {
  unsigned(to, items.length);
  for (const item of items) for (const byte of item) to.push(byte);
}

function name(to: number[], text: string): void {
  unsigned(to, text.length);
  for (let i = 0; i < text.length; i++) to.push(text.charCodeAt(i));
}

function opcode(to: number[], code: number): void {
  if (code < 0x100) to.push(code);
  else {
    const isLong = code > 0xffff;
    to.push(isLong ? code >> 12 : code >> 8);
    unsigned(to, isLong ? code & 0xfff : code & 0xff);
  }
}

/** A function whose number is known: calls name it. */
export interface Callee {
  readonly index: number;
}

/** The body of a function, written instruction by instruction; parameters are its first locals. */
export class Code implements Callee {
  readonly index: number;
  readonly type: number;
  readonly #bytes: number[] = [];
  readonly #locals: ValueType[] = [];
  readonly #parameters: number;

  constructor(index: number, type: number, parameters: number) {
    this.index = index;
    this.type = type;
    this.#parameters = parameters;
  }

  /** A new local. */
  local(type: ValueType): number {
    this.#locals.push(type);
    return this.#parameters + this.#locals.length - 1;
  }

  /** An instruction without immediates. */
  op(op: Op): this {
    opcode(this.#bytes, op);
    return this;
  }

  get(local: number): this {
    this.#bytes.push(0x20);
    unsigned(this.#bytes, local);
    return this;
  }

  set(local: number): this {
    this.#bytes.push(0x21);
    unsigned(this.#bytes, local);
    return this;
  }

  tee(local: number): this {
    this.#bytes.push(0x22);
    unsigned(this.#bytes, local);
    return this;
  }

  i32(value: number): this {
    this.#bytes.push(0x41);
    signed(this.#bytes, BigInt(value | 0));
    return this;
  }

  i64(value: bigint): this {
    this.#bytes.push(0x42);
    signed(this.#bytes, value);
    return this;
  }

  f32(value: number): this {
    floatBytes.setFloat32(0, value, true);
    this.#bytes.push(0x43);
    return this.#literal(4);
  }

  f64(value: number): this {
    floatBytes.setFloat64(0, value, true);
    this.#bytes.push(0x44);
    return this.#literal(8);
  }

  /** Four 32-bit lanes, as integers. */
  v128(lanes: readonly [number, number, number, number]): this {
    for (let i = 0; i < 4; i++) floatBytes.setInt32(4 * i, lanes[i], true);
    opcode(this.#bytes, 0xfd0c);
    return this.#literal(16);
  }

  f32x4(value: number): this {
    for (let i = 0; i < 4; i++) floatBytes.setFloat32(4 * i, value, true);
    opcode(this.#bytes, 0xfd0c);
    return this.#literal(16);
  }

  /** `i8x16.shuffle`: lanes 0 to 15 of the first operand, 16 to 31 of the second. */
  shuffle(lanes: readonly number[]): this {
    opcode(this.#bytes, 0xfd0d);
    this.#bytes.push(...lanes);
    return this;
  }

  /** A load or store at a fixed distance from the address on the stack; of any alignment. */
  memory(op: MemoryOp | LaneMemoryOp, offset: number = 0): this {
    opcode(this.#bytes, op);
    // The alignment is a hint, of which processors with vectors make nothing.
    this.#bytes.push(0);
    unsigned(this.#bytes, offset);
    return this;
  }

  laneMemory(op: LaneMemoryOp, lane: number, offset: number = 0): this {
    this.memory(op, offset).#bytes.push(lane);
    return this;
  }

  lane(op: LaneOp, lane: number): this {
    opcode(this.#bytes, op);
    this.#bytes.push(lane);
    return this;
  }

  call(callee: Callee): this {
    this.#bytes.push(0x10);
    unsigned(this.#bytes, callee.index);
    return this;
  }

  /** Runs once; `br(depth)` inside it jumps past its end. */
  block(body: () => void): this {
    return this.#structured(0x02, EMPTY, body);
  }

  /** `br(depth)` inside it jumps to its start. */
  loop(body: () => void): this {
    return this.#structured(0x03, EMPTY, body);
  }

  /** On a condition from the stack. With a result type both arms leave one value. */
  if(then: () => void, otherwise?: () => void, result?: ValueType): this {
    this.#bytes.push(0x04, result === undefined ? EMPTY : TYPES[result]);
    then();
    if (otherwise !== undefined) {
      this.#bytes.push(0x05);
      otherwise();
    }
    this.#bytes.push(0x0b);
    return this;
  }

  br(depth: number): this {
    this.#bytes.push(0x0c);
    unsigned(this.#bytes, depth);
    return this;
  }

  brIf(depth: number): this {
    this.#bytes.push(0x0d);
    unsigned(this.#bytes, depth);
    return this;
  }

  /** local += a number. */
  advance(local: number, distance: number): this {
    return this.get(local).i32(distance).op(i32.add).set(local);
  }

  /** local += another. */
  advanceBy(local: number, other: number): this {
    return this.get(local).get(other).op(i32.add).set(local);
  }

  /** The end of a loop that runs `counter` times; it ends as zero. */
  countDown(counter: number): this {
    return this.get(counter).i32(1).op(i32.sub).tee(counter).brIf(0);
  }

  /** Runs the body `counter` times, not at all for zero. */
  times(counter: number, body: () => void): this {
    return this.get(counter).if(() => {
      this.loop(() => {
        body();
        this.countDown(counter);
      });
    });
  }

  /** The body as the code section holds it, its size first. */
  encode(): number[] {
    const body: number[] = [];
    const runs: [ValueType, number][] = [];
    for (const type of this.#locals) {
      const last = runs.at(-1);
      if (last?.[0] === type) last[1]++;
      else runs.push([type, 1]);
    }
    unsigned(body, runs.length);
    for (const [type, count] of runs) {
      unsigned(body, count);
      body.push(TYPES[type]);
    }
    const bytes: number[] = [];
    unsigned(bytes, body.length + this.#bytes.length + 1);
    return bytes.concat(body, this.#bytes, 0x0b);
  }

  #structured(code: number, type: number, body: () => void): this {
    this.#bytes.push(code, type);
    body();
    this.#bytes.push(0x0b);
    return this;
  }

  #literal(size: number): this {
    for (let i = 0; i < size; i++) this.#bytes.push(floatBytes.getUint8(i));
    return this;
  }
}

/**
 * One module: imported functions first, then the memory, then its own functions.
 *
 * ```
 * const module = new ModuleBuilder();
 * module.importMemory("env", "memory", true);
 * const run = module.function(["i32"], []);
 * run.get(0).f32(1).memory("f32.store");
 * module.export("run", run);
 * new WebAssembly.Instance(new WebAssembly.Module(module.encode()), { env: { memory } });
 * ```
 */
export class ModuleBuilder {
  readonly #types: number[][] = [];
  readonly #typeOf: Map<string, number> = new Map();
  readonly #imports: number[][] = [];
  readonly #exports: number[][] = [];
  readonly #functions: Code[] = [];
  #importedFunctions = 0;

  /** A memory of at least one page and any bound. */
  importMemory(module: string, field: string, shared: boolean): void {
    const entry: number[] = [];
    name(entry, module);
    name(entry, field);
    entry.push(0x02, shared ? 0x03 : 0x01, 1);
    unsigned(entry, 65536);
    this.#imports.push(entry);
  }

  /** A JavaScript or another module's function; all are imported before the first own function is made. */
  importFunction(
    module: string,
    field: string,
    parameters: readonly ValueType[],
    results: readonly ValueType[],
  ): Callee {
    const entry: number[] = [];
    name(entry, module);
    name(entry, field);
    entry.push(0x00);
    unsigned(entry, this.#type(parameters, results));
    this.#imports.push(entry);
    return { index: this.#importedFunctions++ };
  }

  function(parameters: readonly ValueType[], results: readonly ValueType[]): Code {
    const index = this.#importedFunctions + this.#functions.length;
    const made = new Code(index, this.#type(parameters, results), parameters.length);
    this.#functions.push(made);
    return made;
  }

  export(field: string, callee: Callee): void {
    const entry: number[] = [];
    name(entry, field);
    entry.push(0x00);
    unsigned(entry, callee.index);
    this.#exports.push(entry);
  }

  encode(): Uint8Array<ArrayBuffer> {
    const bytes = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
    const section = (id: number, items: readonly (readonly number[])[]): void => {
      if (items.length === 0) return;
      const content: number[] = [];
      vector(content, items);
      bytes.push(id);
      unsigned(bytes, content.length);
      for (const byte of content) bytes.push(byte);
    };
    section(1, this.#types);
    section(2, this.#imports);
    section(
      3,
      this.#functions.map(({ type }) => {
        const item: number[] = [];
        unsigned(item, type);
        return item;
      }),
    );
    section(7, this.#exports);
    section(
      10,
      this.#functions.map((code) => code.encode()),
    );
    return new Uint8Array(bytes);
  }

  #type(parameters: readonly ValueType[], results: readonly ValueType[]): number {
    const key = `${parameters.join()}:${results.join()}`;
    const known = this.#typeOf.get(key);
    if (known !== undefined) return known;
    const type = [0x60];
    unsigned(type, parameters.length);
    for (const parameter of parameters) type.push(TYPES[parameter]);
    unsigned(type, results.length);
    for (const result of results) type.push(TYPES[result]);
    this.#typeOf.set(key, this.#types.length);
    this.#types.push(type);
    return this.#types.length - 1;
  }
}
