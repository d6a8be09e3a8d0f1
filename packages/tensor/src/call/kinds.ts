/**
 * What a parameter takes, by the word for it in a signature: its type for TypeScript, and the check for everyone else.
 *
 * @module
 */
import { checkDType, type DType, isPlainObject, kindOfArray, type Shape } from "@flambeau/backend";
import { Generator } from "../random/generator.ts";
import { type Operand, type Scalar, Tensor } from "../tensor.ts";

/** What has a number of items. */
interface Sized {
  /** How many. */
  readonly length: number;
}

/**
 * The kinds of parameters and their types.
 *
 * @internal
 */
export interface Kinds {
  tensor: Tensor;
  /** A tensor, or a plain scalar where one could stand. */
  operand: Operand;
  scalar: Scalar;
  number: number;
  int: number;
  bigint: bigint;
  bool: boolean;
  string: string;
  /** Sizes or dimensions: an array of integers. */
  ints: Shape;
  numbers: readonly number[];
  tensors: readonly Tensor[];
  dtype: DType;
  generator: Generator;
  /** The size of a result, or how many times as large as its input it is; null keeps that of a dimension. */
  size: number | readonly (number | null)[];
  /** The size of a window of one to three dimensions; how many numbers there have to be, the callable checks. */
  size1: number | readonly [number];
  size2: number | readonly [number, number];
  size3: number | readonly [number, number, number];
  reduction: "mean" | "sum" | "none";
  /** Beside other kinds: null means something of its own. */
  null: null;
  function: (...args: never[]) => unknown;
  object: object;
  any: unknown;
  bytes: Uint8Array;
  /** Bytes, or an object that reads ranges of them. */
  source: Uint8Array | object;
  /** What stands for a file: a path, or an object of a runtime's. */
  file: string | object;
  array: readonly unknown[];
  iterable: Iterable<unknown>;
  /** Of tensors, with names or not, or of groups of them. */
  parameters: Iterable<unknown>;
  /** Something with a length. */
  sized: Sized;
  module: (...args: never[]) => unknown;
  optimizer: object;
  dataset: object;
}

/** A kind's check, and what it takes in words. */
type Check = readonly [takes: (x: unknown) => boolean, words: string];

const isScalar = (x: unknown): boolean =>
  typeof x === "number" || typeof x === "bigint" || typeof x === "boolean";
const isTensor = (x: unknown): boolean => x instanceof Tensor;
const isObject = (x: unknown): x is object => typeof x === "object" && x !== null;
const isIterable = (x: unknown): boolean =>
  (isObject(x) || typeof x === "function") && Symbol.iterator in (x as object);
const isArrayOf =
  (of: (x: unknown) => boolean) =>
  (x: unknown): boolean => {
    if (!Array.isArray(x)) return false;
    // Shapes are in every other call, and a loop is faster than `every`.
    for (let i = 0; i < x.length; i++) if (!of(x[i])) return false;
    return true;
  };
const is =
  (type: string) =>
  (x: unknown): boolean =>
    typeof x === type;

const isSize = (x: unknown): boolean => typeof x === "number" || (Array.isArray(x) && x.every(is("number")));

/** Null keeps the size that there is. */
const isSizeOrNull = (x: unknown): boolean =>
  typeof x === "number" || isArrayOf((item) => item === null || typeof item === "number")(x);

/** @internal */
export const checks: { readonly [K in keyof Kinds]: Check } = {
  tensor: [isTensor, "a tensor"],
  operand: [(x) => isTensor(x) || isScalar(x), "a tensor or a number"],
  scalar: [isScalar, "a number"],
  number: [is("number"), "a number"],
  int: [is("number"), "an integer"],
  bigint: [is("bigint"), "a bigint"],
  bool: [is("boolean"), "true or false"],
  string: [is("string"), "a string"],
  ints: [isArrayOf(is("number")), "an array of integers"],
  numbers: [isArrayOf(is("number")), "an array of numbers"],
  tensors: [isArrayOf(isTensor), "an array of tensors"],
  // Of a string that is none, the error says which one may be meant.
  dtype: [(x) => typeof x === "string" && checkDType(x) === x, 'a dtype, as in "float32"'],
  generator: [(x) => x instanceof Generator, "a generator, as in new Generator()"],
  size: [isSizeOrNull, "a number or an array of them"],
  size1: [isSize, "an integer"],
  size2: [isSize, "an integer or [height, width]"],
  size3: [isSize, "an integer or [depth, height, width]"],
  reduction: [(x) => x === "mean" || x === "sum" || x === "none", '"mean", "sum" or "none"'],
  null: [(x) => x === null, "null"],
  function: [is("function"), "a function"],
  object: [(x) => typeof x === "object" && x !== null, "an object"],
  any: [() => true, "anything"],
  bytes: [(x) => kindOfArray(x) === "Uint8Array", "bytes, as in new Uint8Array(buffer)"],
  source: [
    (x) => isObject(x) && (kindOfArray(x) === "Uint8Array" || "read" in x),
    "bytes, as in new Uint8Array(buffer), or { size, read(start, end) } that gives ranges of them",
  ],
  // Not the object with options.
  file: [
    (x) => typeof x === "string" || (isObject(x) && !isPlainObject(x)),
    "a path, an address, or an object such as bytes, a File or a stream",
  ],
  array: [Array.isArray, "an array"],
  // A list of modules or parameters is one itself, and modules are functions.
  iterable: [isIterable, "a collection, such as an array"],
  parameters: [isIterable, "a collection of parameters, as model.parameters() or [w, b]"],
  sized: [(x) => isObject(x) && "length" in x, "something with a length"],
  module: [(x) => typeof x === "function" && "parameters" in x, "a module"],
  optimizer: [(x) => isObject(x) && "paramGroups" in x, "an optimizer"],
  // Not the object with options, which may have the data set by name.
  dataset: [(x) => isObject(x) && !isPlainObject(x), "a data set or an array of items"],
};
