/** Protocol buffers' wire format, as far as events use it: https://protobuf.dev/programming-guides/encoding. */

export type Field = readonly Uint8Array[];

/** Bytes one after the other. */
export function join(parts: Field): Uint8Array {
  const all = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function varint(value: number): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

/** An integer, or the number of an enum. */
export function int(field: number, value: number): Field {
  return [varint(field * 8), varint(value)];
}

export function double(field: number, value: number): Field {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return [varint(field * 8 + 1), bytes];
}

export function float(field: number, value: number): Field {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return [varint(field * 8 + 5), bytes];
}

/** A text, or the fields of a message. */
export function nested(field: number, value: string | Field): Field {
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : join(value);
  return [varint(field * 8 + 2), varint(bytes.length), bytes];
}

/** Repeated doubles, packed. */
export function doubles(field: number, values: readonly number[]): Field {
  return nested(
    field,
    values.map((value) => double(0, value)[1]),
  );
}
