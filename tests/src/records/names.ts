/** The names of the public API, by what they are. */
import * as data from "@flambeau/data";
import * as datasets from "@flambeau/datasets";
import * as nn from "@flambeau/nn";
import * as optim from "@flambeau/optim";
import * as T from "@flambeau/tensor";

type Table = Readonly<Record<string, unknown>>;
type Class = abstract new (...args: never[]) => unknown;

const isNamespace = (x: unknown): x is Table => Object.prototype.toString.call(x) === "[object Module]";

/** The functions of a namespace and of those in it, as "linalg.lstsq". */
function functionsOf(table: Table, prefix = ""): string[] {
  return Object.entries(table).flatMap(([name, value]) => {
    if (typeof value === "function") return [`${prefix}${name}`];
    return isNamespace(value) ? functionsOf(value, `${prefix}${name}.`) : [];
  });
}

/** The classes in a namespace that extend one of several. */
function subclassesOf(table: Table, ...bases: readonly Class[]): string[] {
  return Object.keys(table).filter((name) => {
    const value = table[name];
    return typeof value === "function" && bases.some((base) => value.prototype instanceof base);
  });
}

/** Functions of tensors, methods and properties of Tensor, and the functions of nn. */
export const opNames: readonly string[] = [
  ...functionsOf(T as unknown as Table),
  ...Object.keys(Object.getOwnPropertyDescriptors(T.Tensor.prototype))
    .filter((name) => name !== "constructor")
    .map((name) => `Tensor.${name}`),
  ...functionsOf(nn.functional as unknown as Table, "F."),
];

export const moduleNames: readonly string[] = subclassesOf(nn as unknown as Table, nn.Module);
export const optimizerNames: readonly string[] = subclassesOf(optim as unknown as Table, optim.Optimizer);
export const scheduleNames: readonly string[] = functionsOf(optim.lrScheduler as unknown as Table);
export const initNames: readonly string[] = functionsOf(nn.init as unknown as Table);
export const samplerNames: readonly string[] = subclassesOf(data as unknown as Table, data.Sampler);
export const datasetNames: readonly string[] = functionsOf(datasets as unknown as Table);
