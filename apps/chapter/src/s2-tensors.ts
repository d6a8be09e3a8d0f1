import { DeviceError, manualSeed, ones, rand, randn, tensor, zeros } from "flambeau";
import type { Notebook } from "./notebook.ts";

/** Section 2: tensors, their dtypes, operations and indices, the bridge to typed arrays, devices. */
export async function tensors(notebook: Notebook): Promise<void> {
  manualSeed(notebook.seed);
  await creation(notebook);
  await dtypes(notebook);
  await operations(notebook);
  await indexing(notebook);
  bridge(notebook);
  await devices(notebook);
}

async function creation(notebook: Notebook): Promise<void> {
  notebook.heading("2.1 Arrays and tensors");
  const tensor1 = tensor([1n, 2n, 3n]); // bigints stand for Python's ints
  const tensor2 = tensor([1n, 2n, 3n], { dtype: "float32" });
  const tensor3 = tensor(new BigInt64Array([1n, 2n, 3n]));
  for (const t of [tensor1, tensor2, tensor3]) notebook.print(`${t}, dtype: ${t.dtype}`);

  await notebook.show("zeros([2, 2])", zeros([2, 2]));
  await notebook.show("ones([2, 2])", ones([2, 2]));
  await notebook.show("randn([3, 2])", randn([3, 2]));
  await notebook.show("rand([2, 3, 2])", rand([2, 3, 2]));

  const x = rand([2, 3, 2, 2]);
  await notebook.show("x.shape", x.shape);
  await notebook.show("x.ndim", x.ndim);
}

async function dtypes(notebook: Notebook): Promise<void> {
  notebook.heading("2.2 Data types");
  // A Float64Array keeps its 64 bits, plain numbers become 32: NumPy's and PyTorch's defaults.
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: the chapter's number
  const values = [3.14159];
  notebook.print(tensor(new Float64Array(values)).dtype);
  notebook.print(tensor(values).dtype);
  notebook.print(tensor(values, { dtype: "float64" }).dtype);
}

async function operations(notebook: Notebook): Promise<void> {
  notebook.heading("2.3 Operations");
  const a = rand([1, 3]);
  const b = rand([3, 1]);
  await notebook.show("a.add(b)", a.add(b)); // a row and a column broadcast to a 3 x 3 matrix
  await notebook.show("a.mul(b)", a.mul(b));
  await notebook.show("a.mean()", a.mean());
  await notebook.show("a.sum()", a.sum());
}

async function indexing(notebook: Notebook): Promise<void> {
  notebook.heading("2.4 Indexing");
  const X = rand([5, 2]);
  await notebook.show("X", X);
  await notebook.show('X.at(0, ":")', X.at(0, ":"));
  await notebook.show("X.at(0)", X.at(0));
  await notebook.show('X.at(":", 0)', X.at(":", 0));
}

function bridge(notebook: Notebook): void {
  notebook.heading("2.5 Typed arrays");
  const X = rand([3, 3]);
  notebook.print(X.constructor.name);
  notebook.print(X.numpy().constructor.name);
}

async function devices(notebook: Notebook): Promise<void> {
  notebook.heading("2.6 Devices");
  await notebook.show("GPU ready", isReady("webgpu"));
  const { device } = notebook;
  await notebook.show("device", device);
  const X = rand([2, 2, 2], { device });
  await notebook.show("X.device", X.device);
}

/** Whether tensors can be made on a device. */
export function isReady(device: string): boolean {
  try {
    zeros([1], { device });
    return true;
  } catch (error) {
    if (error instanceof DeviceError) return false;
    throw error;
  }
}
