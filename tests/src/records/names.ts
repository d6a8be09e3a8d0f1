/** The names of the public API, by what they are. */
import * as data from "@flambeau/data";
import * as datasets from "@flambeau/datasets";
import * as distributions from "@flambeau/distributions";
import * as masked from "@flambeau/masked";
import * as metrics from "@flambeau/metrics";
import * as nn from "@flambeau/nn";
import * as ops from "@flambeau/ops";
import * as optim from "@flambeau/optim";
import * as special from "@flambeau/special";
import * as T from "@flambeau/tensor";
import { isAlias } from "./aliases.ts";

type Table = Readonly<Record<string, unknown>>;

/** Whether a value is what `import * as` gives: of no class, in bundles as in modules; Bun puts an object of its own between. */
export function isNamespace(x: unknown): x is Table {
  if (typeof x !== "object" || x === null) return false;
  const prototype = Object.getPrototypeOf(x);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** The functions of a namespace and of those in it, as "linalg.lstsq". */
function functionsOf(table: Table, prefix = ""): string[] {
  return Object.entries(table).flatMap(([name, value]) => {
    if (typeof value === "function") return [`${prefix}${name}`];
    return isNamespace(value) ? functionsOf(value, `${prefix}${name}.`) : [];
  });
}

/** The functions of a namespace itself. */
const ownFunctionsOf = (table: Table): string[] => functionsOf(table).filter((name) => !name.includes("."));

/** Functions of tensors, methods and properties of Tensor, and the functions of nn. */
export const opNames: readonly string[] = [
  ...functionsOf(T as unknown as Table),
  ...Object.keys(Object.getOwnPropertyDescriptors(T.Tensor.prototype))
    .filter((name) => name !== "constructor")
    .map((name) => `Tensor.${name}`),
  ...functionsOf(nn.functional as unknown as Table, "F."),
].filter((name) => !isAlias(name));

/** Functions of tensors that are no methods. */
export const rareNames: readonly string[] = ownFunctionsOf(ops as unknown as Table);

const layers = nn as unknown as Table;
export const nnNames: readonly string[] = ownFunctionsOf(layers);
export const moduleNames: readonly string[] = nnNames.filter(
  (name) => (layers[name] as typeof nn.Module).prototype instanceof nn.Module,
);
export const lossNames: readonly string[] = moduleNames.filter((name) => /.Loss$/.test(name));
export const initNames: readonly string[] = functionsOf(nn.init as unknown as Table);
export const optimNames: readonly string[] = ownFunctionsOf(optim as unknown as Table);
export const scheduleNames: readonly string[] = [
  ...functionsOf(optim.lrScheduler as unknown as Table),
  ...functionsOf(optim.swaUtils as unknown as Table),
];
export const specialNames: readonly string[] = functionsOf(special as unknown as Table);
/** Classes of distributions and transforms, and functions of them. */
export const distributionNames: readonly string[] = ownFunctionsOf(distributions as unknown as Table);
export const metricNames: readonly string[] = functionsOf(metrics as unknown as Table);
export const maskedNames: readonly string[] = ownFunctionsOf(masked as unknown as Table);
export const dataNames: readonly string[] = functionsOf(data as unknown as Table);
/** With the methods of NumPy's streams. */
export const datasetNames: readonly string[] = [
  ...functionsOf(datasets as unknown as Table),
  ...Object.keys(Object.getOwnPropertyDescriptors(datasets.RandomState.prototype))
    .filter((name) => name !== "constructor")
    .map((name) => `RandomState.${name}`),
];
