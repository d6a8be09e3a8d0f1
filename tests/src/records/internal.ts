/** What packages export for the packages above them. Neither has a gradient, nor a row in PyTorch's tables. */

/** What ops are made of. */
export const opParts: readonly string[] = [
  ...["binaryOp", "computeOnHost", "isNamedTuple", "namedTuple", "positions", "quantileOf", "ternaryOp"],
  ...["thinSvd", "unaryOp", "writeOver"],
];

/** What callables are made of. */
export const callableParts: readonly string[] = [
  ...["bind", "bindAll", "callable", "Form", "formsOf", "overloaded", "schemaOf", "unknownOption"],
  "withOptions",
];
