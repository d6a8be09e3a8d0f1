import { itemSize } from "@flambeau/backend";
import type { Traceable } from "@flambeau/graph";
import { Tensor } from "@flambeau/tensor";
import type { Initializer } from "./builder.ts";
import { type Converted, convert } from "./convert.ts";
import { OnnxError } from "./errors.ts";
import type { OnnxOptions } from "./options.ts";
import { ELEMENT_TYPES, rawBytes } from "./proto/dtypes.ts";
import { encode } from "./proto/encode.ts";
import type { Message } from "./proto/messages.ts";

/** What protobuf can hold. */
const LIMIT = 2 ** 31 - 1;

/** The version of the file format that came with an opset. Source: onnx/docs/Versioning.md. */
const IR_VERSIONS: Readonly<Record<number, number>> = { 17: 8, 18: 8, 19: 9, 20: 9, 21: 10, 22: 10, 23: 11 };

/**
 * Writes a model as an ONNX file, for inference: the calls that it makes on example inputs, with its weights, as torch.onnx.export
 * does. It is run a few times in eval mode, with inputs of several sizes where axes are open; afterwards each module
 * is in the mode in which it was, and buffers and the default generator are as they were.
 *
 * @param model - a module, or a function of tensors.
 * @param inputs - the arguments of one call; tensors among them become the inputs, anything else stays as it is.
 * @returns the bytes of the file. The same model gives the same bytes.
 * @throws OnnxError when ONNX has no form for a call, or the model has more than protobuf's 2 GB; TraceError when what the model
 *   computes depends on elements; ArgumentError when an argument or an option is none; what the model throws.
 *
 * @example
 * ```ts
 * import { exportOnnx } from "@flambeau/onnx";
 * import { nn, randn } from "flambeau";
 *
 * const model = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU());
 * const bytes = await exportOnnx(model, [randn([4, 2])], { dynamicAxes: [{ 0: "batch" }] });
 * console.log(bytes.length > 0);
 * // true
 * ```
 */
export async function exportOnnx(
  model: Traceable,
  inputs: readonly unknown[],
  options: OnnxOptions = {},
): Promise<Uint8Array> {
  const converted = convert(model, inputs, options);
  return encodeModel(converted, await tensorsInside("exportOnnx", converted));
}

/**
 * The weights with their elements.
 *
 * @internal
 */
export async function tensorsInside(
  what: string,
  { builder }: Pick<Converted, "builder">,
): Promise<Message[]> {
  const size = builder.initializers.reduce((sum, one) => sum + bytesOf(one), 0);
  if (size > LIMIT)
    throw new OnnxError(
      `${what}: the weights have ${size} bytes, and a file of protobuf at most ${LIMIT}; saveOnnx(path, model, inputs, { externalData: true }) writes them beside it`,
    );
  const messages: Message[] = [];
  for (const one of builder.initializers) messages.push(await insideOf(one));
  return messages;
}

/** @internal */
export function bytesOf({ dims, dtype }: Initializer): number {
  return dims.reduce((a, b) => a * b, itemSize(dtype));
}

/** @internal */
export function headOf({ name, dtype, dims }: Initializer): Message {
  return { name, dims, dataType: ELEMENT_TYPES[dtype] };
}

/**
 * A weight with its elements in the model.
 *
 * @internal
 */
export async function insideOf(one: Initializer): Promise<Message> {
  return { ...headOf(one), rawData: await rawBytesOf(one) };
}

/** @internal */
export async function rawBytesOf({ dtype, data }: Initializer): Promise<Uint8Array> {
  return rawBytes(dtype, data instanceof Tensor ? await data.detach().data() : data);
}

/** @internal */
export function encodeModel(converted: Converted, initializer: readonly Message[]): Uint8Array {
  const { builder, name, inputs, outputs, values } = converted;
  return encode("Model", {
    irVersion: IR_VERSIONS[builder.opset],
    producerName: "flambeau",
    graph: {
      node: builder.messages(),
      name,
      initializer,
      input: inputs,
      output: outputs,
      valueInfo: values,
    },
    opsetImport: [{ domain: "", version: builder.opset }],
  });
}
