import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { type Content, type FieldType, type Message, type MessageName, messages } from "./messages.ts";

/** The bytes of a message. */
export function encode(name: MessageName, message: Message): Uint8Array {
  const writer = new BinaryWriter();
  write(writer, name, message);
  return writer.finish();
}

function write(writer: BinaryWriter, name: MessageName, message: Message): void {
  for (const [field, [number, type]] of Object.entries(messages[name])) {
    const value = message[field];
    if (value === undefined) continue;
    // Numbers that repeat are packed.
    if (Array.isArray(value) && (type === "int64" || type === "float"))
      packed(writer, number, type, value as readonly number[]);
    else
      for (const one of Array.isArray(value) ? value : [value]) content(writer, number, type, one as Content);
  }
}

function packed(
  writer: BinaryWriter,
  number: number,
  type: "int64" | "float",
  values: readonly number[],
): void {
  if (values.length === 0) return;
  writer.tag(number, WireType.LengthDelimited).fork();
  for (const value of values) writer[type](value);
  writer.join();
}

function content(writer: BinaryWriter, number: number, type: FieldType, value: Content): void {
  if (type === "int64") writer.tag(number, WireType.Varint).int64(value as number);
  else if (type === "float") writer.tag(number, WireType.Bit32).float(value as number);
  else if (type === "string") writer.tag(number, WireType.LengthDelimited).string(value as string);
  else if (type === "bytes") writer.tag(number, WireType.LengthDelimited).bytes(value as Uint8Array);
  else {
    writer.tag(number, WireType.LengthDelimited).fork();
    write(writer, type, value as Message);
    writer.join();
  }
}
