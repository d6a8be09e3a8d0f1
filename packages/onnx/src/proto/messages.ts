/**
 * The messages of ONNX, as far as models that are written here use them: names and numbers of their fields.
 * Source: onnx/onnx.proto3 of ONNX 1.12 to 1.18, where these fields are the same.
 *
 * @module
 */

/** What a field holds: a plain type of protobuf, or another message. */
export type FieldType = "int64" | "float" | "string" | "bytes" | MessageName;

export type MessageName =
  | ("Model" | "OperatorSet" | "Graph" | "Node" | "Attribute" | "Tensor" | "StringEntry")
  | ("ValueInfo" | "Type" | "TensorType" | "Shape" | "Dimension");

/** Of each message its fields: their numbers and what they hold. */
export const messages: Readonly<
  Record<MessageName, Readonly<Record<string, readonly [number: number, type: FieldType]>>>
> = {
  Model: {
    irVersion: [1, "int64"],
    producerName: [2, "string"],
    producerVersion: [3, "string"],
    graph: [7, "Graph"],
    opsetImport: [8, "OperatorSet"],
  },
  OperatorSet: { domain: [1, "string"], version: [2, "int64"] },
  Graph: {
    node: [1, "Node"],
    name: [2, "string"],
    initializer: [5, "Tensor"],
    input: [11, "ValueInfo"],
    output: [12, "ValueInfo"],
    valueInfo: [13, "ValueInfo"],
  },
  Node: {
    input: [1, "string"],
    output: [2, "string"],
    name: [3, "string"],
    opType: [4, "string"],
    attribute: [5, "Attribute"],
  },
  Attribute: {
    name: [1, "string"],
    f: [2, "float"],
    i: [3, "int64"],
    s: [4, "string"],
    floats: [7, "float"],
    ints: [8, "int64"],
    strings: [9, "string"],
    type: [20, "int64"],
  },
  Tensor: {
    dims: [1, "int64"],
    dataType: [2, "int64"],
    name: [8, "string"],
    rawData: [9, "bytes"],
    externalData: [13, "StringEntry"],
    dataLocation: [14, "int64"],
  },
  StringEntry: { key: [1, "string"], value: [2, "string"] },
  ValueInfo: { name: [1, "string"], type: [2, "Type"] },
  Type: { tensorType: [1, "TensorType"] },
  TensorType: { elemType: [1, "int64"], shape: [2, "Shape"] },
  Shape: { dim: [1, "Dimension"] },
  Dimension: { dimValue: [1, "int64"], dimParam: [2, "string"] },
};

/** A message: the values of its fields; an array where a field is repeated. */
export interface Message {
  readonly [field: string]: Content | readonly Content[] | undefined;
}

export type Content = number | string | Uint8Array | Message;
