import type { Cursor } from "./cursor.ts";
import { op } from "./opcodes.ts";

type Read = (cursor: Cursor) => unknown;

/** The opcodes that stand for a value which takes no memory of its own, and how each is read. */
export const plain: ReadonlyMap<number, Read> = new Map<number, Read>([
  [op.NONE, () => null],
  [op.NEWTRUE, () => true],
  [op.NEWFALSE, () => false],
  [op.BININT, (cursor) => cursor.int32()],
  [op.BININT1, (cursor) => cursor.uint8()],
  [op.BININT2, (cursor) => cursor.uint16()],
  [op.BINFLOAT, (cursor) => cursor.float64()],
]);

/** Those of large integers, texts and bytes. */
export const sized: ReadonlyMap<number, Read> = new Map<number, Read>([
  [op.LONG1, (cursor) => cursor.long(cursor.uint8())],
  [op.LONG4, (cursor) => cursor.long(cursor.uint32())],
  [op.SHORT_BINSTRING, (cursor) => cursor.text(cursor.uint8())],
  [op.BINSTRING, (cursor) => cursor.text(cursor.uint32())],
  [op.SHORT_BINUNICODE, (cursor) => cursor.text(cursor.uint8())],
  [op.BINUNICODE, (cursor) => cursor.text(cursor.uint32())],
  [op.BINUNICODE8, (cursor) => cursor.text(cursor.uint64())],
  [op.SHORT_BINBYTES, (cursor) => cursor.bytes(cursor.uint8()).slice()],
  [op.BINBYTES, (cursor) => cursor.bytes(cursor.uint32()).slice()],
  [op.BINBYTES8, (cursor) => cursor.bytes(cursor.uint64()).slice()],
  [op.BYTEARRAY8, (cursor) => cursor.bytes(cursor.uint64()).slice()],
]);
