/** Calls that Python writes with operators. */

/** Binary operators by the names of methods. */
export const binaryOperators: Readonly<Record<string, string>> = {
  add: "+",
  sub: "-",
  mul: "*",
  div: "/",
  matmul: "@",
  pow: "**",
  floorDivide: "//",
  remainder: "%",
  eq: "==",
  ne: "!=",
  lt: "<",
  le: "<=",
  gt: ">",
  ge: ">=",
  bitwiseAnd: "&",
  bitwiseOr: "|",
  bitwiseXor: "^",
};

/** Of bool operands. */
export const logicalOperators: Readonly<Record<string, string>> = {
  logicalAnd: "&",
  logicalOr: "|",
  logicalXor: "^",
};
