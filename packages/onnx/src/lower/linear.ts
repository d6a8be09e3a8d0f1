/** Products of matrices. */
import type { Lowerings } from "../emit.ts";
import { tensorArg } from "./args.ts";

export const products: Lowerings = {
  // Gemm has transposed weights; of more dimensions than two it is a product and a sum.
  linear: (x, call) => {
    const [input, weight, bias] = ["0", "1", "2"].map((name) => call.args[name]);
    const { dtype } = call.outputs[0];
    const [a, w] = [x.as(input, dtype), x.as(weight, dtype)];
    const b = bias === undefined || bias === null ? null : x.as(bias, dtype);
    if (tensorArg(call, "0").shape.length === 2) return x.node("Gemm", [a, w, b], dtype, { transB: 1 });
    const product = x.node("MatMul", [a, x.node("Transpose", [w], dtype, { perm: [1, 0] })], dtype);
    return b === null ? product : x.node("Add", [product, b], dtype);
  },
  matmul: (x, call) => {
    const { dtype } = call.outputs[0];
    return x.node("MatMul", [x.as(call.args["0"], dtype), x.as(call.args["1"], dtype)], dtype);
  },
};

export const determinants: Lowerings = {
  det: (x, call) => {
    const input = x.of(call.args.A);
    return x.node("Det", [input], input.dtype);
  },
};
