import { isPlainObject, itemSize, quote, ValueError } from "@flambeau/backend";
import { type Callable, callable, type Tensor } from "@flambeau/tensor";
import { encodeElements } from "../elements.ts";
import type { FileParts } from "../parts.ts";
import { checkTensors } from "../record.ts";
import { snapshot } from "../snapshot.ts";
import { codes } from "./dtypes.ts";
import { LENGTH_BYTES } from "./header.ts";

interface Types {
  /** The tensors by name: a plain object or a Map. */
  readonly tensors: Readonly<Record<string, Tensor>> | ReadonlyMap<string, Tensor>;
  /** Texts by name, which the file holds beside the tensors. */
  readonly metadata?: Readonly<Record<string, string>>;
}

const SIGNATURE = "saveSafetensors(tensors: any, *, metadata?: object)";
const RANK: readonly string[] = [...codes.values()];

/**
 * The bytes of a `.safetensors` file with the given tensors, in the reference implementation's order: by the width of their dtypes,
 * then by name. Tensors that share memory are written each in full. Values are those of the time of the call, as in {@link savePt}.
 *
 * @throws ArgumentError when the tensors are no object or Map; ValueError when one is none, the metadata are no texts, a tensor's name is "__metadata__", or
 *   as {@link savePt} when one is changed too early.
 *
 * @example
 * ```ts
 * import { safeOpen, saveSafetensors } from "@flambeau/serialization";
 * import { tensor } from "@flambeau/tensor";
 *
 * const bytes = await saveSafetensors({ w: tensor([1, 2]) }, { metadata: { format: "pt" } });
 * const file = await safeOpen(bytes);
 * console.log(bytes.length, file.metadata());
 * // 104 { format: 'pt' }
 * ```
 */
export const saveSafetensors: Callable<typeof SIGNATURE, Promise<Uint8Array>, Types> = callable<
  typeof SIGNATURE,
  Promise<Uint8Array>,
  Types
>(SIGNATURE, async (given, { metadata }) => {
  const { size, parts } = safetensorsParts(given, { metadata });
  const bytes = new Uint8Array(size);
  let at = 0;
  for await (const part of parts()) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
});

/**
 * The file of {@link saveSafetensors} in parts: the header, then tensor by tensor.
 *
 * @param most - the bytes up to which elements are copied now.
 * @internal
 */
export function safetensorsParts(
  given: unknown,
  { metadata }: Pick<Types, "metadata"> = {},
  most?: number,
): FileParts {
  const tensors = checkTensors("saveSafetensors", "tensors", given).map(([name, tensor]) => ({
    name,
    tensor,
    code: codes.get(tensor.dtype) as string,
  }));
  if (tensors.some(({ name }) => name === "__metadata__"))
    throw new ValueError(
      'saveSafetensors: "__metadata__" is where the format has metadata; call the tensor something else',
    );
  tensors.sort((a, b) => RANK.indexOf(a.code) - RANK.indexOf(b.code) || compare(a.name, b.name));
  const header: [string, unknown][] =
    metadata === undefined ? [] : [["__metadata__", checkMetadata(metadata)]];
  let end = 0;
  for (const { name, tensor, code } of tensors) {
    const start = end;
    end += tensor.numel() * itemSize(tensor.dtype);
    header.push([name, { dtype: code, shape: tensor.shape, data_offsets: [start, end] }]);
  }
  const head = headerBytes(header);
  const readings = snapshot(
    "saveSafetensors",
    tensors.map(({ tensor }) => tensor),
    most,
  );
  return {
    size: head.length + end,
    async *parts() {
      yield head;
      for (const [i, read] of readings.entries()) yield encodeElements(tensors[i].tensor.dtype, await read());
    },
  };
}

/** The header with its length before it. */
function headerBytes(header: readonly (readonly [string, unknown])[]): Uint8Array {
  // Not of an object, which would have names such as "0" before others.
  const entries = header.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  const json = new TextEncoder().encode(`{${entries.join(",")}}`);
  // Elements begin at a multiple of 8.
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(LENGTH_BYTES + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, LENGTH_BYTES);
  bytes.fill(0x20, LENGTH_BYTES + json.length);
  return bytes;
}

/** By code points, as Rust compares texts. */
function compare(a: string, b: string): number {
  const [x, y] = [[...a], [...b]];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    if (x[i] !== y[i]) return (x[i].codePointAt(0) as number) - (y[i].codePointAt(0) as number);
  }
  return x.length - y.length;
}

function checkMetadata(given: object): object {
  if (!isPlainObject(given))
    throw new ValueError(`saveSafetensors: metadata is an object of texts; got ${quote(given)}`);
  for (const [key, value] of Object.entries(given)) {
    if (typeof value !== "string") {
      throw new ValueError(
        `saveSafetensors: metadata has texts only; ${quote(key)} is ${quote(value)} (write it as JSON)`,
      );
    }
  }
  return given;
}
