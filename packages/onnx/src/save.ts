import { ArgumentError, isOf, quote } from "@flambeau/backend";
import { type SaveTarget, saveBytes } from "@flambeau/files";
import { checkOptions, type Traceable } from "@flambeau/graph";
import type { Initializer } from "./builder.ts";
import { type Converted, convert } from "./convert.ts";
import { bytesOf, encodeModel, headOf, insideOf, rawBytesOf, tensorsInside } from "./export.ts";
import { type OnnxOptions, OPTIONS } from "./options.ts";
import type { Message } from "./proto/messages.ts";

/** Options of {@link saveOnnx}. */
export interface SaveOnnxOptions extends OnnxOptions {
  /** Whether weights go into a file of their own, `NAME.data` beside the model. Default false. */
  readonly externalData?: boolean;
}

/** Smaller tensors stay in the model, as in the onnx package. */
const LEAST = 1024;

/** Tensors begin at whole pages, so that a runtime can map the file into memory. */
const PAGE = 4096;

const EXTERNAL = 1;

/**
 * `exportOnnx` into a file, whole or not at all. With `externalData` weights lie beside it, in `NAME.data`, which has no limit of size; that
 * file is written first.
 *
 * @param target - a path, or what else `save` takes; with `externalData` a path.
 * @throws what `exportOnnx` throws; FileError when a file cannot be written.
 *
 * @example
 * ```ts
 * import { mkdtempSync, readdirSync } from "node:fs";
 * import { saveOnnx } from "@flambeau/onnx";
 * import { nn, randn } from "flambeau";
 *
 * const folder = mkdtempSync("/tmp/onnx-");
 * await saveOnnx(`${folder}/model.onnx`, new nn.Linear(64, 8), [randn([1, 64])], { externalData: true });
 * console.log(readdirSync(folder));
 * // [ 'model.onnx', 'model.onnx.data' ]
 * ```
 */
export async function saveOnnx(
  target: SaveTarget,
  model: Traceable,
  inputs: readonly unknown[],
  options: SaveOnnxOptions = {},
): Promise<void> {
  checkOptions("saveOnnx", [...OPTIONS, "externalData"], options);
  const { externalData = false, ...rest } = options;
  if (typeof externalData !== "boolean")
    throw new ArgumentError(`saveOnnx: externalData is true or false; got ${quote(externalData)}`);
  const path = externalData ? pathOf(target) : "";
  const converted = convert(model, inputs, rest);
  if (!externalData) {
    const bytes = encodeModel(converted, await tensorsInside("saveOnnx", converted));
    await saveBytes("saveOnnx", bytes, target);
    return;
  }
  const dataPath = `${path}.data`;
  const { parts, size, messages } = await tensorsBeside(converted, lastNameOf(dataPath));
  if (size > 0) await saveBytes("saveOnnx", { size, parts }, dataPath);
  await saveBytes("saveOnnx", encodeModel(converted, messages), target);
}

function pathOf(target: SaveTarget): string {
  const text = isOf("URL", target) ? (target as { readonly href: string }).href : target;
  if (typeof text !== "string")
    throw new ArgumentError(`saveOnnx: with externalData the target is a path; got ${quote(target)}`);
  return text;
}

/** The name by which the model finds the file of its weights. */
function lastNameOf(path: string): string {
  const name = path.slice(path.search(/[^/\\]*$/)).replace(/^opfs:/, "");
  return /^file:/i.test(path) ? decodeURIComponent(name) : name;
}

interface Beside {
  readonly size: number;
  readonly parts: () => AsyncGenerator<Uint8Array>;
  readonly messages: readonly Message[];
}

/** The weights with their places in another file, and that file, read as it is written. */
async function tensorsBeside({ builder }: Converted, location: string): Promise<Beside> {
  const outside: { readonly one: Initializer; readonly offset: number }[] = [];
  const messages: Message[] = [];
  let size = 0;
  for (const one of builder.initializers) {
    const length = bytesOf(one);
    if (length < LEAST) {
      messages.push(await insideOf(one));
      continue;
    }
    const offset = Math.ceil(size / PAGE) * PAGE;
    outside.push({ one, offset });
    size = offset + length;
    const entries = { location, offset: String(offset), length: String(length) };
    const externalData = Object.entries(entries).map(([key, value]) => ({ key, value }));
    messages.push({ ...headOf(one), externalData, dataLocation: EXTERNAL });
  }
  const parts = async function* (): AsyncGenerator<Uint8Array> {
    let at = 0;
    for (const { one, offset } of outside) {
      if (offset > at) yield new Uint8Array(offset - at);
      const bytes = await rawBytesOf(one);
      yield bytes;
      at = offset + bytes.length;
    }
  };
  return { size, parts, messages };
}
