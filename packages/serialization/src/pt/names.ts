/**
 * What a pickle of PyTorch's may name, and what each makes here. Anything else is refused where it is named: no class or
 * function of Python's exists here, so nothing of a file is ever run. Source: PyTorch's torch/_weights_only_unpickler.py for what
 * state dicts need, torch/_utils.py for the arguments.
 *
 * @module
 */
import { quote } from "@flambeau/backend";
import { UnpicklingError } from "../pickle/error.ts";
import { setItem } from "../pickle/read.ts";
import { nameOf, Pending, PyDict, PyGlobal, PySet, PyTuple } from "../pickle/values.ts";
import { PendingParameter, PendingTensor, TypedStorage } from "./storages.ts";

type Call = (args: readonly unknown[]) => unknown;

/** The dtype of each class of storages. */
const STORAGES: Readonly<Record<string, string>> = {
  BoolStorage: "bool",
  ByteStorage: "uint8",
  CharStorage: "int8",
  ShortStorage: "int16",
  IntStorage: "int32",
  LongStorage: "int64",
  HalfStorage: "float16",
  BFloat16Storage: "bfloat16",
  FloatStorage: "float32",
  DoubleStorage: "float64",
  ComplexFloatStorage: "complex64",
  ComplexDoubleStorage: "complex128",
  QUInt8Storage: "quint8",
  QInt8Storage: "qint8",
  QInt32Storage: "qint32",
  QUInt4x2Storage: "quint4x2",
  QUInt2x4Storage: "quint2x4",
};

const DTYPES: readonly string[] = [
  ...["bool", "uint8", "int8", "int16", "int32", "int64", "uint16", "uint32", "uint64"],
  ...["float16", "bfloat16", "float32", "float64", "complex32", "complex64", "complex128"],
  ...["float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz"],
];

/** A class of storages. `dtype` is null for bytes that the tensors have a dtype for. */
export class StorageClass extends PyGlobal {
  readonly dtype: string | null;
  constructor(name: string, dtype: string | null) {
    super(name);
    this.dtype = dtype;
  }
}

/** What Python 2 calls them, and so protocol 2. */
const MODULES: Readonly<Record<string, string>> = { __builtin__: "builtins", copy_reg: "copyreg" };

const CALLS: Readonly<Record<string, Call>> = {
  "collections.OrderedDict": ([pairs]) => dictOf(pairs),
  "collections.Counter": ([counts]) => dictOf(counts),
  "_codecs.encode": ([text, encoding]) => encoded(text, encoding),
  "builtins.bytes": ([bytes]) => copied(bytes),
  "builtins.bytearray": ([bytes, encoding]) =>
    typeof bytes === "string" ? encoded(bytes, encoding) : copied(bytes),
  "builtins.set": ([items]) => new PySet(itemsOf(items).slice()),
  "builtins.frozenset": ([items]) => new PySet(itemsOf(items).slice()),
  "torch.Size": ([sizes]) => new PyTuple(itemsOf(sizes).slice()),
  "torch.device": ([type, index]) => device(type, index),
  "torch.nn.parameter.Parameter": ([data, requiresGrad]) => parameter(data, requiresGrad),
  "torch._utils._rebuild_parameter": ([data, requiresGrad]) => parameter(data, requiresGrad),
  "torch._utils._rebuild_parameter_with_state": ([data, requiresGrad]) => parameter(data, requiresGrad),
  "torch._utils._rebuild_tensor": ([storage, offset, size, stride]) =>
    tensor(storage, offset, size, stride, false),
  "torch._utils._rebuild_tensor_v2": ([storage, offset, size, stride, requiresGrad, , metadata]) =>
    tensor(storage, offset, size, stride, requiresGrad, undefined, metadata),
  "torch._utils._rebuild_tensor_v3": ([storage, offset, size, stride, requiresGrad, , dtype, metadata]) =>
    tensor(storage, offset, size, stride, requiresGrad, dtype, metadata),
  "torch._tensor._rebuild_from_type_v2": ([rebuild, type, args]) => fromType(rebuild, type, args),
};

/** Classes that are named beside what is made of them. */
const CLASSES: readonly string[] = ["torch.Tensor", "torch._tensor.Tensor"];

/** A dtype, by PyTorch's name, or a class or function. @throws UnpicklingError when it is not on the list. */
export function findName(module: string, name: string): unknown {
  const path = `${Object.hasOwn(MODULES, module) ? MODULES[module] : module}.${name}`;
  if (module === "torch" && DTYPES.includes(name)) return name;
  if (module === "torch" && Object.hasOwn(STORAGES, name)) return new StorageClass(path, STORAGES[name]);
  if (path === "torch.storage.UntypedStorage" || path === "torch.UntypedStorage")
    return new StorageClass(path, null);
  if (Object.hasOwn(CALLS, path)) return new PyGlobal(path, CALLS[path]);
  if (CLASSES.includes(path)) return new PyGlobal(path);
  throw new UnpicklingError(
    `the file has an object of Python's, ${path.slice(0, 200)}, which cannot be read here${hintFor(path)}`,
    path,
  );
}

function hintFor(path: string): string {
  if (path.startsWith("numpy.")) return "; save numbers as float(x) and arrays as torch.from_numpy(x)";
  if (/^torch\._utils\._rebuild_(sparse|meta|q|wrapper|device)/.test(path))
    return "; save dense tensors, with their elements";
  return "; save the state_dict() of modules, optimizers and schedules, in Python: torch.save(model.state_dict(), path)";
}

function dictOf(given: unknown): PyDict {
  const dict = new PyDict();
  if (given instanceof PyDict) for (const [key, value] of given.entries) dict.entries.set(key, value);
  else if (given !== undefined) {
    for (const pair of itemsOf(given)) {
      const [key, value, ...more] = itemsOf(pair);
      if (value === undefined || more.length > 0) throw wrong("an entry of a dictionary", pair);
      setItem(dict, key, value);
    }
  }
  return dict;
}

function itemsOf(given: unknown): readonly unknown[] {
  if (given === undefined) return [];
  if (Array.isArray(given)) return given;
  if (given instanceof PyTuple || given instanceof PySet) return given.items;
  throw wrong("a collection", given);
}

/** Bytes that protocol 2 has as a text of the characters 0 to 255. */
function encoded(text: unknown, encoding: unknown): Uint8Array {
  if (typeof text !== "string" || (encoding !== "latin1" && encoding !== "latin-1"))
    throw wrong("bytes", encoding);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 255) throw wrong("a byte", text[i]);
    bytes[i] = code;
  }
  return bytes;
}

function copied(bytes: unknown): Uint8Array {
  if (bytes === undefined) return new Uint8Array(0);
  if (bytes instanceof Uint8Array) return bytes.slice();
  throw wrong("bytes", bytes);
}

function device(type: unknown, index: unknown): string {
  if (typeof type !== "string") throw wrong("a device", type);
  return typeof index === "number" ? `${type}:${index}` : type;
}

function parameter(data: unknown, requiresGrad: unknown): Pending {
  if (!(data instanceof PendingTensor)) throw wrong("a parameter's tensor", data);
  return new PendingParameter(data, requiresGrad !== false);
}

function tensor(
  storage: unknown,
  offset: unknown,
  size: unknown,
  stride: unknown,
  requiresGrad: unknown,
  dtype?: unknown,
  metadata?: unknown,
): Pending {
  if (!(storage instanceof TypedStorage)) throw wrong("a tensor's storage", storage);
  const type = storage.storage.dtype ?? dtype;
  if (typeof type !== "string") throw wrong("a tensor's dtype", dtype);
  // A lazy sign or conjugate, which the elements do not have yet.
  if (metadata instanceof PyDict && [...metadata.entries.values()].some((value) => value !== false))
    throw wrong("a tensor's metadata", metadata);
  const [shape, strides] = [integers(size, "shape"), integers(stride, "strides")];
  const [start] = integers([offset], "offset");
  return new PendingTensor({
    typed: storage,
    dtype: type,
    offset: start,
    shape,
    strides,
    requiresGrad: requiresGrad === true,
  });
}

function integers(given: unknown, what: string): number[] {
  const numbers = itemsOf(given);
  for (const n of numbers) {
    if (!Number.isSafeInteger(n) || (n as number) < 0) throw wrong(`a size of a tensor's ${what}`, n);
  }
  return numbers.slice() as number[];
}

/** A tensor with attributes, which are left out, or of a subclass, which is refused by its name. */
function fromType(rebuild: unknown, type: unknown, args: unknown): unknown {
  if (!(rebuild instanceof PyGlobal) || rebuild.call === undefined)
    throw wrong("what makes a tensor", rebuild);
  if (!(type instanceof PyGlobal)) throw wrong("the class of a tensor", type);
  const made = rebuild.call(itemsOf(args));
  if (!(made instanceof Pending)) throw wrong("a tensor", made);
  return made;
}

function wrong(what: string, value: unknown): UnpicklingError {
  const text = typeof value === "string" ? quote(value) : nameOf(value);
  return new UnpicklingError(`the pickle has ${text} for ${what}`);
}
