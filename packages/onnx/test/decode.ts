/** Files of ONNX read back, by the table by which they are written. */
import { BinaryReader } from "@bufbuild/protobuf/wire";
import { type Content, type MessageName, messages } from "../src/proto/messages.ts";

/** A message whose fields are arrays of what was written, in order. */
export interface Decoded {
  readonly [field: string]: readonly (Content | Decoded)[] | undefined;
}

export function decode(name: MessageName, bytes: Uint8Array): Decoded {
  const reader = new BinaryReader(bytes);
  const fields = new Map(
    Object.entries(messages[name]).map(([field, [number, type]]) => [number, { field, type }]),
  );
  const out: Record<string, (Content | Decoded)[]> = {};
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    const known = fields.get(number);
    if (known === undefined) throw new Error(`field ${number} of ${name}`);
    const { field, type } = known;
    out[field] ??= [];
    const list = out[field];
    if (type === "string") list.push(reader.string());
    else if (type === "bytes") list.push(reader.bytes());
    else if (type === "int64" || type === "float") {
      const one = (): number => (type === "float" ? reader.float() : Number(reader.int64()));
      // 2: packed.
      if (Number(wire) === 2)
        for (const end = reader.uint32() + reader.pos; reader.pos < end; ) list.push(one());
      else list.push(one());
    } else list.push(decode(type, reader.bytes()));
  }
  return out;
}

/** The graph of a model's bytes. */
export function graphOf(bytes: Uint8Array): Decoded {
  return decode("Model", bytes).graph?.[0] as Decoded;
}

/** What a field of the messages of a list has. */
export function names(list: Decoded[string], field = "name"): unknown[] {
  return (list ?? []).map((one) => (one as Decoded)[field]?.[0]);
}

/** The sizes of an input, an output or a result: numbers and names. */
export function dims(info: Decoded): unknown[] {
  const within = (message: Decoded, field: string): Decoded => (message[field] ?? [{}])[0] as Decoded;
  const shape = within(within(within(info, "type"), "tensorType"), "shape");
  return (shape.dim ?? []).map((dim) => (dim as Decoded).dimValue?.[0] ?? (dim as Decoded).dimParam?.[0]);
}
