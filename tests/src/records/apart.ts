/**
 * Where the library does not do as PyTorch 1.13, by op and case, and why. A record of these must differ: the test fails when
 * one no longer does, so that the list stays short.
 */
import { type OpCase, pool } from "./ops.ts";

interface Apart {
  readonly op: string;
  readonly when: (c: OpCase) => boolean;
  readonly reason: string;
}

const isBool = ({ args: [x] }: OpCase): boolean => pool[(x as { t: number }).t]?.[0] === "bool";

export const apart: readonly Apart[] = [
  { op: "square", when: isBool, reason: "the square of a bool is bool here, and int64 in PyTorch" },
  { op: "isin", when: isBool, reason: "PyTorch has no kernel for bool" },
  {
    op: "pow",
    when: ({ args }) => args[1] === 0.5,
    reason: "C's pow(-inf, 0.5) is inf; PyTorch computes it as sqrt(-inf), which is nan",
  },
];

/** The reason why a case is not PyTorch's, if it is none. */
export function reasonApart(c: OpCase): string | undefined {
  return apart.find(({ op, when }) => op === c.op && when(c))?.reason;
}
