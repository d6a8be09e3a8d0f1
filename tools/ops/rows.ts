/** What the table of ops has of each: where it is, in which dtypes it runs on which device, and how many samples are PyTorch's. */
import type { DType } from "@flambeau/backend";
import * as flambeau from "flambeau";
import { samplesByOp } from "../../tests/src/database/all.ts";
import { check, type OpCase, runCase } from "../../tests/src/database/samples.ts";
import { camel } from "../../tests/src/records/record.ts";

/** An op of PyTorch's database (tools/fixtures/op_database.py). */
export interface TorchOp {
  readonly dtypes: readonly DType[];
  readonly gradient: boolean;
}

/** How many of the samples in a dtype are PyTorch's. */
export interface Share {
  readonly equal: number;
  readonly of: number;
}

/** An op on a device. */
export interface OnDevice {
  /** The dtypes that the device has, in which PyTorch has the op. */
  readonly wanted: readonly DType[];
  /** Those of them in which any sample runs. */
  readonly dtypes: readonly DType[];
  /** Of samples of floats, with gradients; in double precision where the device has it. */
  readonly share: Share;
}

/** A row of the table. */
export interface Row {
  readonly op: string;
  /** "linalg.qr", "x.t()"; null where there is nothing of the name. */
  readonly here: string | null;
  readonly gradient: boolean;
  /** By the device's name; none where no samples are kept. */
  readonly on: Readonly<Record<string, OnDevice>>;
}

/** Python's operators with the tensor on the right, and names that are others here. */
const NAMES: Readonly<Record<string, string>> = {
  ...{ __radd__: "add", __rdiv__: "div", __rmul__: "mul", __rand__: "bitwiseAnd", __ror__: "bitwiseOr" },
  ...{ __rxor__: "bitwiseXor", __rmatmul__: "matmul", __rmod__: "remainder", __rpow__: "pow" },
  ...{
    __rsub__: "sub",
    __getitem__: "x.at()",
    slice: "x.at()",
    uniform: "x.uniform_()",
    "linalg.pinv.singular": "linalg.pinv",
  },
};

/** Where an op of PyTorch's name is. */
export function placeOf(op: string): string | null {
  if (op in NAMES) return NAMES[op];
  const path = op.replace(/^nn\.functional\./, "F.").split(".");
  const last = camel(path[path.length - 1]);
  const table = path
    .slice(0, -1)
    .reduce<unknown>((from, key) => (from as Record<string, unknown> | undefined)?.[key], flambeau);
  if (table !== undefined && last in (table as object)) return [...path.slice(0, -1), last].join(".");
  if (path.length > 1 || !(last in flambeau.Tensor.prototype)) return null;
  const { value } = Object.getOwnPropertyDescriptor(flambeau.Tensor.prototype, last) ?? {};
  return typeof value === "function" ? `x.${last}()` : `x.${last}`;
}

/** Runs the samples of an op. */
export async function rowOf(
  op: string,
  torch: TorchOp,
  devices: Readonly<Record<string, readonly DType[]>>,
): Promise<Row> {
  const here = placeOf(op);
  const on: Record<string, OnDevice> = {};
  if (here !== null && samplesByOp.has(op))
    for (const [device, dtypes] of Object.entries(devices))
      on[device] = await runOn(
        op,
        device,
        dtypes.filter((dtype) => torch.dtypes.includes(dtype)),
      );
  return { op, here, gradient: torch.gradient, on };
}

async function runOn(op: string, device: string, wanted: readonly DType[]): Promise<OnDevice> {
  const { cases, particulars } = samplesByOp.get(op) as NonNullable<ReturnType<typeof samplesByOp.get>>;
  const running: DType[] = [];
  for (const dtype of wanted) {
    // Samples of the dtype itself first, then those of others, whose floats are converted to it.
    const ordered = [...cases].sort((a, b) => Number(isOf(dtype, b)) - Number(isOf(dtype, a)));
    for (const sample of ordered)
      if (await passes(() => read(runCase(sample, { dtype, device }, particulars).outs))) {
        running.push(dtype);
        break;
      }
  }
  const dtype = device === "cpu" ? "float64" : "float32";
  const floats = cases.filter((c) => (c.kwargs.dtype ?? dtype) === dtype);
  let equal = 0;
  for (const c of floats) if (await passes(() => check(c, { dtype, device }, particulars))) equal++;
  return { wanted, dtypes: running, share: { equal, of: floats.length } };
}

function isOf(dtype: DType, { tensors: [first] }: OpCase): boolean {
  return first !== undefined && first[0] === dtype;
}

async function read(outs: readonly flambeau.Tensor[]): Promise<void> {
  for (const y of outs) await y.detach().data();
}

async function passes(run: () => Promise<void>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch {
    return false;
  }
}
