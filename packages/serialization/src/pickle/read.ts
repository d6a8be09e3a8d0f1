/**
 * Pickle's stack machine, for data only: it makes dictionaries, lists, tuples, sets, texts, bytes and numbers, and what the functions of an
 * allow-list make, which are this library's. Source: Python's Lib/pickletools.py.
 *
 * @module
 */
import { Cursor } from "./cursor.ts";
import { UnpicklingError } from "./error.ts";
import { plain, sized } from "./literals.ts";
import { nameOfOpcode, op } from "./opcodes.ts";
import { nameOf, PyDict, PyGlobal, PySet, PyTuple, sizeOf } from "./values.ts";

/**
 * Opcodes of a pickle, and of those the ones that make an object. A byte can be an opcode, and an object takes some hundred
 * bytes of memory or more: without a bound a file of some MB would fill all of it.
 */
const MOST_OPCODES = 2 ** 25;
const MOST_OBJECTS = 2 ** 21;

/** What a pickle may name. */
export interface Names {
  /** @throws UnpicklingError when it is not on the list. */
  find(module: string, name: string): unknown;
  /** What lies outside the pickle: the memory of a tensor. */
  persistent(id: unknown): unknown;
}

/** Reads the pickle that begins at `start`. Dictionaries, tuples and sets of it are made into JavaScript's by `finish`. */
export function readPickle(bytes: Uint8Array, names: Names, start = 0): { value: unknown; end: number } {
  const machine = new Machine(new Cursor(bytes, start), names, bytes.length);
  return { value: machine.run(), end: machine.cursor.at };
}

class Machine {
  readonly cursor: Cursor;
  readonly #names: Names;
  readonly #memo: Map<number, unknown> = new Map();
  #stack: unknown[] = [];
  /** The stacks below the marks. */
  readonly #below: unknown[][] = [];
  #objects = 0;
  /** Items that calls may still copy. */
  #copies: number;

  constructor(cursor: Cursor, names: Names, copies: number) {
    this.cursor = cursor;
    this.#names = names;
    this.#copies = copies;
  }

  run(): unknown {
    for (let count = 0; count < MOST_OPCODES; count++) {
      const code = this.cursor.uint8();
      if (code === op.STOP) return this.#pop();
      this.#step(code);
    }
    throw new UnpicklingError(`the pickle has more than ${MOST_OPCODES} opcodes`);
  }

  #step(code: number): void {
    const { cursor } = this;
    const literal = plain.get(code);
    if (literal !== undefined) this.#stack.push(literal(cursor));
    else if (sized.has(code)) this.#push(sized.get(code)?.(cursor));
    else if (!this.#collect(code) && !this.#refer(code)) {
      throw new UnpicklingError(
        `the pickle has the opcode ${nameOfOpcode(code)} at byte ${cursor.at - 1}, which torch.save does not write`,
      );
    }
  }

  /** The opcodes of collections. Gives whether it is one of them. */
  #collect(code: number): boolean {
    switch (code) {
      case op.MARK:
        this.#below.push(this.#stack);
        this.#stack = [];
        this.#countObject();
        break;
      case op.POP:
        if (this.#stack.length > 0) this.#stack.pop();
        else this.#popMark();
        break;
      case op.POP_MARK:
        this.#popMark();
        break;
      case op.EMPTY_LIST:
        this.#push([]);
        break;
      case op.EMPTY_DICT:
        this.#push(new PyDict());
        break;
      case op.EMPTY_SET:
        this.#push(new PySet([]));
        break;
      case op.EMPTY_TUPLE:
        this.#push(new PyTuple([]));
        break;
      case op.LIST:
        this.#push(this.#popMark());
        break;
      case op.TUPLE:
        this.#push(new PyTuple(this.#popMark()));
        break;
      case op.FROZENSET:
        this.#push(new PySet(this.#popMark()));
        break;
      case op.TUPLE1:
      case op.TUPLE2:
      case op.TUPLE3: {
        const items = [this.#pop()];
        for (let i: number = op.TUPLE1; i < code; i++) items.unshift(this.#pop());
        this.#push(new PyTuple(items));
        break;
      }
      case op.DICT: {
        const items = this.#popMark();
        this.#push(new PyDict());
        this.#setItems(items);
        break;
      }
      case op.APPEND:
        this.#append([this.#pop()]);
        break;
      case op.APPENDS:
        this.#append(this.#popMark());
        break;
      case op.ADDITEMS: {
        const items = this.#popMark();
        const set = this.#top();
        if (!(set instanceof PySet)) throw misplaced("ADDITEMS", set);
        for (const item of items) set.items.push(item);
        break;
      }
      case op.SETITEM: {
        const value = this.#pop();
        this.#setItems([this.#pop(), value]);
        break;
      }
      case op.SETITEMS:
        this.#setItems(this.#popMark());
        break;
      default:
        return false;
    }
    return true;
  }

  /** The opcodes of the memo, of names and of what they make. Gives whether it is one of them. */
  #refer(code: number): boolean {
    const { cursor } = this;
    switch (code) {
      case op.PROTO: {
        const protocol = cursor.uint8();
        if (protocol > 5)
          throw new UnpicklingError(`the pickle is of protocol ${protocol}; up to 5 can be read`);
        break;
      }
      case op.FRAME:
        cursor.bytes(8);
        break;
      case op.BINPUT:
        this.#memoize(cursor.uint8());
        break;
      case op.LONG_BINPUT:
        this.#memoize(cursor.uint32());
        break;
      case op.MEMOIZE:
        this.#memoize(this.#memo.size);
        break;
      case op.BINGET:
        this.#recall(cursor.uint8());
        break;
      case op.LONG_BINGET:
        this.#recall(cursor.uint32());
        break;
      case op.GLOBAL: {
        const module = cursor.line();
        this.#push(this.#names.find(module, cursor.line()));
        break;
      }
      case op.STACK_GLOBAL: {
        const [name, module] = [this.#pop(), this.#pop()];
        if (typeof name !== "string" || typeof module !== "string") throw misplaced("STACK_GLOBAL", name);
        this.#push(this.#names.find(module, name));
        break;
      }
      case op.REDUCE:
      case op.NEWOBJ: {
        const [args, global] = [this.#pop(), this.#pop()];
        if (!(args instanceof PyTuple)) throw misplaced("REDUCE", args);
        if (!(global instanceof PyGlobal)) throw misplaced("REDUCE", global);
        if (global.call === undefined)
          throw new UnpicklingError(`the pickle calls ${global.name}`, global.name);
        this.#countCopies(args.items);
        this.#push(global.call(args.items));
        break;
      }
      case op.BUILD:
        // Attributes of a Python object: what is read here has none.
        this.#pop();
        this.#top();
        break;
      case op.BINPERSID:
        this.#push(this.#names.persistent(this.#pop()));
        break;
      default:
        return false;
    }
    return true;
  }

  #push(value: unknown): void {
    this.#countObject();
    this.#stack.push(value);
  }

  #countObject(): void {
    if (++this.#objects > MOST_OBJECTS)
      throw new UnpicklingError(`the pickle has more than ${MOST_OBJECTS} objects`);
  }

  /**
   * A call copies what it gets: a set of a list, bytes of a text. Each item took a byte of the pickle at least, unless the memo gives the
   * same list to many calls, which would make a small pickle fill all memory.
   */
  #countCopies(args: readonly unknown[]): void {
    for (const arg of args) this.#copies -= sizeOf(arg);
    if (this.#copies < 0)
      throw new UnpicklingError("the pickle makes more of its collections than there is in it");
  }

  #pop(): unknown {
    if (this.#stack.length === 0)
      throw new UnpicklingError("the pickle takes more from its stack than there is");
    return this.#stack.pop();
  }

  #popMark(): unknown[] {
    const below = this.#below.pop();
    if (below === undefined) throw new UnpicklingError("the pickle takes a mark that it has not set");
    const items = this.#stack;
    this.#stack = below;
    return items;
  }

  #top(): unknown {
    const value = this.#pop();
    this.#stack.push(value);
    return value;
  }

  #append(items: readonly unknown[]): void {
    const list = this.#top();
    if (!Array.isArray(list)) throw misplaced("APPEND", list);
    for (const item of items) list.push(item);
  }

  #setItems(items: readonly unknown[]): void {
    const dict = this.#top();
    if (!(dict instanceof PyDict)) throw misplaced("SETITEMS", dict);
    if (items.length % 2 > 0) throw new UnpicklingError("the pickle has a key without a value");
    for (let i = 0; i < items.length; i += 2) setItem(dict, items[i], items[i + 1]);
  }

  #memoize(index: number): void {
    this.#countObject();
    this.#memo.set(index, this.#top());
  }

  #recall(index: number): void {
    if (!this.#memo.has(index))
      throw new UnpicklingError(`the pickle refers to memo ${index}, which it has not set`);
    this.#stack.push(this.#memo.get(index));
  }
}

/** @throws UnpicklingError when the key is none that Python's dictionaries have. */
export function setItem(dict: PyDict, key: unknown, value: unknown): void {
  const isKey =
    typeof key !== "object" || key === null || key instanceof PyTuple || key instanceof Uint8Array;
  if (!isKey) throw new UnpicklingError(`the pickle has ${nameOf(key)} as a key`);
  dict.entries.set(key, value);
}

function misplaced(opcode: string, value: unknown): UnpicklingError {
  return new UnpicklingError(`the pickle has ${opcode} where ${nameOf(value)} is`);
}
