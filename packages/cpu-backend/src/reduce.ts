import {
  type Backend,
  contiguousStrides,
  type DType,
  input,
  isContiguous,
  isFloat,
  isHalf,
  itemSize,
  MapKernel,
  numel,
  type ReduceKernel,
  type Shape,
  type Strided,
} from "@flambeau/backend";
import { castLoop, putScalar } from "./cast.ts";
import type { AccumulatorDType } from "./folds.ts";
import { map, programFor, withHalves } from "./map.ts";
import { Reduction } from "./reduction.ts";
import { BLOCK } from "./registers.ts";
import { CpuStorage, dataOf } from "./storage.ts";
import type { SimdHost } from "./wasm/simd.ts";
import { SIMD_REDUCE_FROM } from "./wasm/simd-reduce.ts";

/** A reduction's two expressions as map kernels. */
interface Lowered {
  readonly prepare: MapKernel;
  readonly finish: MapKernel;
  readonly prepares: boolean;
  readonly finishes: boolean;
}

const lowered: (Lowered | undefined)[] = [];
const reduction = new Reduction();

function lower(kernel: ReduceKernel): Lowered {
  const known = lowered[kernel.id];
  if (known !== undefined) return known;
  const { name, inputs, params, prepare, finish, combine } = kernel;
  const isArg = combine === "argmax" || combine === "argmin";
  const isPlain = prepare.kind === "input" && prepare.index === 0 && inputs === 1;
  const made: Lowered = {
    prepare: new MapKernel(`${name} prepare`, inputs, params, [prepare]),
    finish: new MapKernel(`${name} finish`, 1, params, [isArg ? input(0) : finish]),
    prepares: !isPlain,
    finishes: !isArg && !(finish.kind === "input" && finish.index === 0),
  };
  lowered[kernel.id] = made;
  return made;
}

/**
 * See `Backend.reduce`. Elements are prepared block by block and joined either along a run (one value per output) or
 * row upon row (a row of values at a time), whichever has the longer loops; then `finish` maps all joined values.
 */
export function reduce(
  kernel: ReduceKernel,
  compute: DType,
  shape: Shape,
  inputs: readonly Strided[],
  params: readonly (number | bigint)[],
  output: Strided,
): void {
  const { prepare, finish, prepares, finishes } = lower(kernel);
  if (isHalf(compute)) {
    withHalves(prepare, compute, inputs, (x) => reduce(kernel, "float32", shape, x, params, output));
    return;
  }
  let kind: AccumulatorDType = compute === "int64" ? "int64" : isFloat(compute) ? "float64" : "int32";
  let prepareIn = compute;
  const from = inputs[0].dtype;
  if (kind === "int64" && !prepares && kernel.combine === "sum" && from !== "int64" && !isFloat(from)) {
    // Counting a mask or summing int32: exact in doubles, without a bigint for each element.
    kind = "float64";
    prepareIn = "int32";
  }
  const program = programFor(prepare, prepareIn);
  program.setParams(params);
  for (let i = 0; i < inputs.length; i++) dataOf(inputs[i]);
  dataOf(output);
  const outputs = numel(output.shape);
  if (outputs === 0) return;
  const isArg = kernel.combine === "argmax" || kernel.combine === "argmin";
  reduction.begin(kernel, kind, prepareIn, outputs);
  const elements = numel(shape);
  const { simd } = output.storage.backend as Backend & SimdHost;
  const isSimd =
    elements >= SIMD_REDUCE_FROM &&
    // Bytes and few of them added up are integers that floats hold.
    (prepareIn === "float32" || (itemSize(from) === 1 && (prepareIn !== compute || compute === "uint8"))) &&
    simd.reduce.run(prepare, kernel.combine, shape, inputs, params, output.shape, reduction.acc);
  if (elements > 0 && !isSimd) {
    // Only now: the memory may have grown for scratch that there was not enough of in the end.
    for (let i = 0; i < inputs.length; i++) program.bindInput(i, inputs[i]);
    reduction.run(program, shape, elements, inputs, output.shape);
  }
  if (elements > BLOCK) program.unbind();
  const target = dataOf(output);
  const { acc, positions } = reduction;
  reduction.end();
  const joined = isArg ? positions : acc;
  const dtype = isArg ? "float64" : kind;
  if (outputs === 1 && !finishes) putScalar(target, output.offset, output.dtype, joined[0]);
  else if (!finishes && isContiguous(output.shape, output.strides)) {
    castLoop(output.dtype, dtype)(
      outputs,
      target,
      output.offset,
      1,
      joined,
      0,
      1,
      joined,
      0,
      0,
      joined,
      0,
      0,
    );
  } else {
    const storage = new CpuStorage(output.storage.backend, dtype, outputs, joined, "own", -1);
    const source = {
      storage,
      dtype,
      shape: output.shape,
      strides: contiguousStrides(output.shape),
      offset: 0,
    } as const;
    // Sums of float32 stay in double precision until they are stored.
    map(finish, isArg ? "int64" : compute === "float32" ? "float64" : compute, [source], params, [output]);
  }
}
