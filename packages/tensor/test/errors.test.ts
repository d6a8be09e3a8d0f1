/** Every bad input gets its typed error with a readable message, and leaves tensors and random streams as they were. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  ArgumentError,
  DeviceError,
  type DType,
  DTypeError,
  type FlambeauError,
  IndexError,
  ShapeError,
  type TypedArray,
  ValueError,
} from "@flambeau/backend";
import { CpuBackend } from "@flambeau/cpu-backend";
import * as T from "@flambeau/tensor";

class OtherDevice extends CpuBackend {
  override readonly name: string = "other";
}
T.registerBackend(new OtherDevice());

/** Fresh operands of every kind; a bad call may touch none of them. */
function operands() {
  const wide = T.arange(6).reshape([2, 3]);
  return {
    x: T.tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]),
    row: T.tensor([1, 2, 3]),
    four: T.tensor([1, 2, 3, 4]),
    ints: T.tensor([
      [1n, 2n, 3n],
      [4n, 5n, 6n],
    ]),
    bytes: T.tensor([1, 2], { dtype: "uint8" }),
    flags: T.tensor([
      [true, false, true],
      [false, true, true],
    ]),
    flag3: T.tensor([true, false, true]),
    good: T.tensor([0n, 1n]),
    late: T.tensor([0n, 1n, 2n]),
    index: T.tensor([
      [0n, 1n, 0n],
      [1n, 0n, 2n],
    ]),
    doubles: T.tensor(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      { dtype: "float64" },
    ),
    scalar: T.tensor(3),
    empty: T.zeros([0, 3]),
    view: wide.T,
    expanded: T.tensor([1, 2, 3]).expand([2, 3]),
    other: T.tensor(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      { device: "other" },
    ),
  };
}

type Operands = ReturnType<typeof operands>;
type ErrorClass = new (message: string) => FlambeauError;

const unknown = "float8" as DType;

type BadCall = [ErrorClass, RegExp, (o: Operands) => unknown];

/** What JavaScript lets through: sizes and dimensions in PyTorch's other way, and things that are no tensors. */
const loose: Record<string, BadCall> = {};
for (const method of ["reshape", "view", "expand", "broadcastTo", "repeat", "tile", "permute", "flip"]) {
  for (const [what, value] of [
    ["null", null],
    ["a text", "2, 3"],
    ["an object", {}],
  ] as const) {
    loose[`${method} with ${what}`] = [
      ArgumentError,
      /is an (integer or an )?array of integers; got (null|"2, 3")|is missing/,
      ({ x }) => (x as never as Record<string, (a: unknown) => unknown>)[method](value),
    ];
  }
}
for (const method of ["reshape", "view", "expand", "permute"]) {
  loose[`${method} with loose numbers`] = [
    ArgumentError,
    /is one array, as in \[3, 2\]; got 2 numbers/,
    ({ x }) => (x as never as Record<string, (...a: unknown[]) => unknown>)[method](3, 2),
  ];
}
for (const method of [
  "matmul",
  "mm",
  "bmm",
  "mv",
  "dot",
  "outer",
  "equal",
  "isclose",
  "copy_",
  "maskedSelect",
].concat(["expandAs", "viewAs", "typeAs", "add", "allclose"])) {
  for (const [what, value] of [
    ["undefined", undefined],
    ["null", null],
    ["an array", [[1, 2, 3]]],
    ["an object", {}],
  ] as const) {
    loose[`${method} with ${what}`] = [
      ArgumentError,
      what === "undefined" || what === "an object"
        ? /(\w+) is missing: \w+\(input, \1/
        : new RegExp(`got ${what}`),
      ({ x, row }) =>
        (
          (method === "dot" || method === "outer" ? row : x) as never as Record<
            string,
            (a: unknown) => unknown
          >
        )[method](value),
    ];
  }
}
const joins = { cat: T.cat, stack: T.stack, vstack: T.vstack, hstack: T.hstack, meshgrid: T.meshgrid };
for (const [name, join] of Object.entries(joins)) {
  if (join !== T.meshgrid)
    loose[`${name} without an array`] = [ArgumentError, /array of tensors/, ({ x }) => join(x as never)];
  loose[`${name} of a number`] = [ArgumentError, /got \[a Tensor, 1\]/, ({ row }) => join([row, 1 as never])];
}

const bad: Record<string, BadCall> = {
  // Making tensors.
  "ragged rows": [ShapeError, /ragged.*data\[1\]/, () => T.tensor([[1, 2], [3]])],
  "ragged depth": [ShapeError, /ragged/, () => T.tensor([1, [2]])],
  "ragged the other way": [ShapeError, /ragged/, () => T.tensor([[1], 2])],
  "a string element": [DTypeError, /data\[1\] is "2"/, () => T.tensor([1, "2" as never])],
  "a null element": [DTypeError, /null/, () => T.tensor([null as never])],
  "no data": [
    ArgumentError,
    /data is missing: tensor\(data, \{ dtype\?, device\?, require/,
    () => T.tensor(undefined as never),
  ],
  "an unknown dtype": [DTypeError, /unknown dtype "float8"/, () => T.tensor([1], { dtype: unknown })],
  "zeros of an unknown dtype": [DTypeError, /unknown dtype/, () => T.zeros([2], { dtype: unknown })],
  "to a misspelt dtype": [DeviceError, /neither a dtype/, ({ x }) => x.to("flaot32")],
  "an unknown device": [DeviceError, /"gpu"/, () => T.zeros([2], { device: "gpu" })],
  "an array of no dtype": [DTypeError, /Uint16Array/, () => T.tensor(new Uint16Array(2) as never)],
  "200 as int8": [ValueError, /200.*int8/, () => T.tensor([200], { dtype: "int8" })],
  "a fill of -40000 as int16": [ValueError, /-40000.*int16/, () => T.full([2], -40000, { dtype: "int16" })],
  "an index of int8": [DTypeError, /int8/, ({ x }) => x.at(T.tensor([0]).char())],
  "an index of int16": [DTypeError, /int16/, ({ x }) => x.gather(0, T.zeros([1, 1], { dtype: "int16" }))],
  "nan as an integer": [ValueError, /NaN.*int64/, () => T.tensor([1, Number.NaN], { dtype: "int64" })],
  "300 as uint8": [ValueError, /300.*uint8/, () => T.tensor([300], { dtype: "uint8" })],
  "a negative size": [ShapeError, /\[2, -1\]/, () => T.zeros([2, -1])],
  "a shape that is none": [
    ArgumentError,
    /size is an array of integers; got 3 \(as an array: \[3\]\)/,
    () => T.zeros(3 as never),
  ],
  "fromNumpy with another shape": [
    ShapeError,
    /does not hold/,
    () => T.fromNumpy(new Float32Array(3), [2, 2]),
  ],
  "arange without a way": [ValueError, /no way/, () => T.arange(0, 5, -1)],
  "arange to infinity": [ValueError, /finite/, () => T.arange(Number.POSITIVE_INFINITY)],
  "linspace of -1 steps": [ValueError, /integer from 0/, () => T.linspace(0, 1, -1)],
  "tril of a vector": [ShapeError, /matrices/, ({ row }) => row.tril()],

  // Elementwise.
  "shapes that do not broadcast": [
    ShapeError,
    /\[2, 3\] and \[4\] do not broadcast/,
    ({ x, four }) => x.add(four),
  ],
  "an array as operand": [ArgumentError, /tensor\(\[/, ({ x }) => x.mul([1, 2, 3] as never)],
  "two plain numbers": [DTypeError, /at least one tensor/, () => T.add(1, 2)],
  "undefined as operand": [
    ArgumentError,
    /other is missing: add\(input, other, \{ alpha\? \}\)/,
    ({ x }) => x.add(undefined as never),
  ],
  "bools subtracted": [DTypeError, /logicalXor/, ({ flags }) => flags.sub(flags)],
  "bools negated": [DTypeError, /negated/, ({ flags }) => flags.neg()],
  "bits of floats": [DTypeError, /float32/, ({ x }) => x.bitwiseAnd(x)],
  "bits of floats turned": [DTypeError, /float32/, ({ x }) => x.bitwiseNot()],
  "integers divided by zero": [ValueError, /divided by zero/, ({ ints }) => ints.floorDivide(0)],
  "integers divided by a zero in a tensor": [
    ValueError,
    /floorDivide: integers cannot be divided by zero/,
    ({ ints }) => ints.floorDivide(T.tensor([1n, 0n, 2n])),
  ],
  "a plain integer divided by a zero in a tensor": [
    ValueError,
    /divided by zero/,
    () => T.floorDivide(7, T.tensor([0n])),
  ],
  "integers divided in place by a zero in a view": [
    ValueError,
    /divided by zero/,
    ({ bytes }) =>
      bytes.div_(
        T.tensor(
          [
            [5, 0],
            [7, 1],
          ],
          { dtype: "int32" },
        ).at(":", 1),
        { roundingMode: "floor" },
      ),
  ],
  "integers divided towards zero by a zero in a tensor": [
    ValueError,
    /by zero/,
    ({ ints }) => ints.div(ints.mul(0), { roundingMode: "trunc" }),
  ],
  "an integer remainder by false": [
    ValueError,
    /remainder by zero/,
    ({ ints, flags }) => ints.remainder(flags),
  ],
  "an integer fmod by a zero in a tensor": [
    ValueError,
    /fmod.*by zero/,
    ({ ints }) => ints.fmod_(ints.sub(6)),
  ],
  "a comparison in place that is larger": [ShapeError, /eq_: .*\[2, 3\].*\[3\]/, ({ row, x }) => row.eq_(x)],
  "bits of integers in place over bools": [
    DTypeError,
    /bitwiseAnd_: the result is int64/,
    ({ flags, ints }) => flags.bitwiseAnd_(ints),
  ],
  "digits of integers": [
    DTypeError,
    /decimals are for floats; got int64/,
    ({ ints }) => ints.round({ decimals: 1 }),
  ],
  "half a digit": [ValueError, /decimals is an integer; got 0.5/, ({ x }) => x.round_({ decimals: 0.5 })],
  "where with one choice": [
    ArgumentError,
    /other is missing: where\(condition, input, other\)/,
    ({ flags, x }) => T.where(flags, x, undefined as never),
  ],
  "a dtype by PyTorch's short name": [
    DTypeError,
    /unknown dtype "float";.*did you mean "float32"\?/,
    () => T.zeros([1], { dtype: "float" as never }),
  ],
  "a dtype by C's name": [DTypeError, /did you mean "int64"\?/, ({ x }) => x.to({ dtype: "long" as never })],
  "to by PyTorch's short name": [DeviceError, /did you mean "float64"\?/, ({ x }) => x.to("double")],
  "to a dtype with its module": [DeviceError, /did you mean "float32"\?/, ({ x }) => x.to("torch.float32")],
  "another GPU": [
    DeviceError,
    /no device "cuda:0".*did you mean "webgpu"\?/,
    () => T.zeros([1], { device: "cuda:0" }),
  ],
  "to another GPU": [DeviceError, /did you mean "webgpu"\?/, ({ x }) => x.to("mps")],
  "a name that is nothing anywhere": [DeviceError, /ready \([a-z, ]+\)$/, ({ x }) => x.to("moon")],
  "an integer remainder by zero": [ValueError, /remainder by zero/, ({ ints }) => ints.remainder(0)],
  "a negative integer power": [ValueError, /negative powers/, ({ ints }) => ints.pow(-1)],
  "an unknown rounding": [ArgumentError, /"ceil"/, ({ x }) => x.div(2, { roundingMode: "ceil" as never })],
  "clamp without bounds": [ValueError, /at least one/, ({ x }) => x.clamp()],
  "a fraction of integers": [DTypeError, /alpha 0.5/, ({ ints }) => ints.add(ints, { alpha: 0.5 })],
  "where with a float mask": [DTypeError, /bool/, ({ x }) => T.where(x, x, 0)],
  "two devices": [DeviceError, /cpu and other/, ({ x, other }) => x.add(other)],

  // In place.
  "add_ of a larger shape": [ShapeError, /does not fit/, ({ row, x }) => row.add_(x)],
  "add_ that does not broadcast": [ShapeError, /do not broadcast/, ({ x, four }) => x.add_(four)],
  "add_ of a fraction to integers": [
    DTypeError,
    /cannot be stored in a tensor of int64/,
    ({ ints }) => ints.add_(0.5),
  ],
  "div_ of integers": [DTypeError, /float32/, ({ ints }) => ints.div_(2)],
  "div_ of integers by a float, cut": [
    DTypeError,
    /int64/,
    ({ ints, x }) => ints.div_(x, { roundingMode: "trunc" }),
  ],
  "exp_ of integers": [DTypeError, /int64/, ({ ints }) => ints.exp_()],
  "mul_ of bools by integers": [DTypeError, /bool/, ({ flags }) => flags.mul_(2)],
  "pow_ of integers to -1": [ValueError, /negative powers/, ({ ints }) => ints.pow_(-1)],
  "clamp_ without bounds": [ValueError, /at least one/, ({ x }) => x.clamp_()],
  "add_ from another device": [DeviceError, /different devices/, ({ x, other }) => x.add_(other)],
  "a write to an expanded tensor": [ShapeError, /clone\(\)/, ({ expanded }) => expanded.add_(1)],
  "fill_ of an expanded tensor": [ShapeError, /clone\(\)/, ({ expanded }) => expanded.fill_(1)],
  "uniform_ of an expanded tensor": [ShapeError, /clone\(\)/, ({ expanded }) => expanded.uniform_()],
  "copy_ that does not fit": [ShapeError, /does not fit/, ({ x, four }) => x.copy_(four)],
  "copy_ from another device": [DeviceError, /different devices/, ({ x, other }) => x.copy_(other)],
  "fill_ with a vector": [ShapeError, /one value/, ({ x, row }) => x.fill_(row)],
  "fill_ of integers with nan": [ValueError, /NaN/, ({ ints }) => ints.fill_(Number.NaN)],
  "fill_ of bytes with 1000": [ValueError, /1000/, ({ bytes }) => bytes.fill_(1000)],
  "fill_ of int64 with 2^63": [ValueError, /9223372036854775808/, ({ ints }) => ints.fill_(2n ** 63n)],
  "maskedFill_ with a larger mask": [
    ShapeError,
    /does not fit/,
    ({ row, flags }) => row.maskedFill_(flags, 0),
  ],
  "maskedFill_ with an integer mask": [DTypeError, /bool/, ({ x, ints }) => x.maskedFill_(ints, 0)],
  "maskedFill of integers with inf": [
    ValueError,
    /Infinity/,
    ({ ints, flags }) => ints.maskedFill(flags, Number.POSITIVE_INFINITY),
  ],
  "scatter_ with a late bad index": [
    IndexError,
    /index 2 is out of range/,
    ({ x, index }) => x.scatter_(0, index, 9),
  ],
  "scatterAdd_ with a late bad index": [
    IndexError,
    /index 2/,
    ({ x, index }) => x.scatterAdd_(0, index, x.clone()),
  ],
  "indexAdd_ with a late bad index": [
    IndexError,
    /index 2/,
    ({ x, late }) => x.indexAdd_(0, late, T.ones([3, 3])),
  ],
  "indexAdd_ with more slices than positions": [
    ShapeError,
    /2 positions/,
    ({ x, good }) => x.indexAdd_(1, good, x.clone()),
  ],
  "indexCopy_ with more slices than positions": [
    ShapeError,
    /2 positions/,
    ({ x, good }) => x.indexCopy_(1, good, x.clone()),
  ],
  "maskedFill_ with a vector": [ShapeError, /one value/, ({ x, flags, row }) => x.maskedFill_(flags, row)],
  "sub_ of a mask": [DTypeError, /bool/, ({ x, flags }) => x.sub_(flags)],
  "sub of true": [DTypeError, /bool/, ({ x }) => x.sub(true)],
  "rsub with a mask": [DTypeError, /bool/, ({ x, flags }) => T.rsub(x, flags)],
  "abs_ of a mask": [DTypeError, /bool/, ({ flags }) => flags.abs_()],
  "floor of a mask": [DTypeError, /bool/, ({ flags }) => flags.floor()],
  "pow_ of a mask": [DTypeError, /bool/, ({ flags }) => flags.pow_(true)],
  "frac of integers": [DTypeError, /floats/, ({ ints }) => ints.frac()],
  "lerp of integers": [DTypeError, /floats/, ({ ints }) => T.lerp(ints, ints, 2)],
  "max along a dimension that a scalar has not": [IndexError, /dimension 1/, ({ scalar }) => scalar.max(1)],
  "flatten of a scalar from dimension 1": [IndexError, /dimension 1/, ({ scalar }) => scalar.flatten(0, 1)],
  "size of a scalar's dimension": [IndexError, /scalar/, ({ scalar }) => scalar.size(0)],
  "stride of a dimension there is not": [IndexError, /dimension 2/, ({ x }) => x.stride(2)],
  "repeatInterleave of a scalar along a dimension": [
    IndexError,
    /scalar/,
    ({ scalar }) => scalar.repeatInterleave(2, 0),
  ],
  "repeatInterleave with too few numbers": [
    ShapeError,
    /2 slices/,
    ({ x, late }) => x.repeatInterleave(late, 0),
  ],
  "repeatInterleave with floats": [DTypeError, /integers/, ({ x, row }) => x.repeatInterleave(row, 1)],
  "roll of a scalar along a dimension": [IndexError, /scalar/, ({ scalar }) => scalar.roll(1, 0)],
  "arange of bools": [DTypeError, /bool/, () => T.arange(3, { dtype: "bool" })],
  "arange of integers in steps of a half": [
    ValueError,
    /steps of 0/,
    () => T.arange(0, 3, 0.5, { dtype: "int64" }),
  ],
  "an index of bytes of another size": [IndexError, /mask/, ({ x }) => x.at(T.ones([3], { dtype: "uint8" }))],
  "more random numbers than memory holds": [DeviceError, /memory/, () => T.rand([1e12])],
  "counting further than memory holds": [DeviceError, /memory/, () => T.arange(1e13)],
  "an identity larger than memory": [DeviceError, /memory/, () => T.eye(1e8)],
  "scatter_ of nothing": [
    ArgumentError,
    /src is missing: scatter_\(input, dim, index, src, \{ reduce\? \}\)/,
    ({ x, index }) => x.scatter_(0, index, undefined as never),
  ],
  "scatter by a number": [ArgumentError, /index/, ({ x }) => x.scatter(0, 1 as never, 2)],
  ...loose,
  "indexFill_ with a late bad index": [IndexError, /index 2/, ({ x, late }) => x.indexFill_(0, late, 0)],
  "indexCopy_ with a late bad index": [
    IndexError,
    /index 2/,
    ({ x, late }) => x.indexCopy_(0, late, T.ones([3, 3])),
  ],
  "scatter_ of another dtype": [
    DTypeError,
    /have to be the same/,
    ({ x, doubles }) => x.scatter_(0, T.zeros([1, 3], { dtype: "int64" }), doubles),
  ],
  "scatter_ of a small source": [
    ShapeError,
    /smaller than the index/,
    ({ x }) => x.scatter_(1, T.zeros([2, 3], { dtype: "int64" }), T.ones([1, 3])),
  ],
  "scatter_ with a float index": [DTypeError, /integer tensor/, ({ x }) => x.scatter_(0, x, 1)],
  "set out of range": [IndexError, /index 5/, ({ x }) => x.set([5], 0)],
  "set with a late bad index": [IndexError, /index 2/, ({ x, late }) => x.set([late], 0)],
  "set of a value that does not fit": [ShapeError, /does not fit/, ({ x, four }) => x.set([0], four)],
  "set of a selection that does not fit": [
    ShapeError,
    /does not fit/,
    ({ x, flag3, four }) => x.set([":", flag3], four),
  ],
  "set of integers with nan": [ValueError, /NaN/, ({ ints }) => ints.set([0], Number.NaN)],
  "set through a mask with nan": [ValueError, /NaN/, ({ ints, flags }) => ints.set([flags], Number.NaN)],
  "set with a mask of another shape": [
    IndexError,
    /mask of shape \[3\]/,
    ({ x, flag3 }) => x.set([flag3], 0),
  ],

  // Random fills.
  "uniform_ of integers": [DTypeError, /int64/, ({ ints }) => ints.uniform_()],
  "uniform_ backwards": [ValueError, /from <= to/, ({ x }) => x.uniform_(2, 1)],
  "normal_ of a negative width": [ValueError, /std/, ({ x }) => x.normal_(0, -1)],
  "bernoulli_ of 2": [ValueError, /\[0, 1\]/, ({ x }) => x.bernoulli_(2)],
  "bernoulli_ of many shapes": [ShapeError, /stretch/, ({ x, four }) => x.bernoulli_(four)],
  "bernoulli_ of one bad probability": [ValueError, /\[0, 1\]/, ({ x, row }) => x.bernoulli_(row)],
  "bernoulli_ of integers": [DTypeError, /floats/, ({ x, ints }) => x.bernoulli_(ints)],
  "bernoulli of nan": [ValueError, /\[0, 1\]/, () => T.bernoulli(T.tensor([0.5, Number.NaN]))],
  "exponential_ of a negative rate": [ValueError, /exponential/, ({ x }) => x.exponential_(-1)],
  "random_ without a range": [ValueError, /from < to/, ({ x }) => x.random_(5, 5)],
  "geometric_ of 0": [ValueError, /geometric/, ({ x }) => x.geometric_(0)],
  "rand of integers": [DTypeError, /int64/, () => T.rand([2], { dtype: "int64" })],
  "rand of a bad shape": [ShapeError, /sizes/, () => T.rand([-1])],
  "rand on an unknown device": [DeviceError, /gpu/, () => T.rand([2], { device: "gpu" })],
  "rand of int16": [DTypeError, /int16/, () => T.rand([2], { dtype: "int16" })],
  "randint of nothing": [ValueError, /from < to/, () => T.randint(3, 3, [2])],
  "randperm of too many": [ValueError, /uint8/, () => T.randperm(300, { dtype: "uint8" })],
  "normal of a negative tensor": [ValueError, /-1/, ({ row }) => T.normal(0, row.neg().add(2))],
  "multinomial of too many": [ValueError, /5 samples/, ({ row }) => T.multinomial(row, 5)],
  "multinomial of negatives": [ValueError, /weights/, ({ row }) => T.multinomial(row.neg(), 1)],

  // Views.
  "reshape to another count": [ShapeError, /holds 4 elements/, ({ x }) => x.reshape([2, 2])],
  "reshape to what -1 cannot be": [ShapeError, /-1/, ({ x }) => x.reshape([4, -1])],
  "view of what needs a copy": [ShapeError, /reshape/, ({ view }) => view.view([6])],
  "permute of one twice": [ShapeError, /each of the 2/, ({ x }) => x.permute([0, 0])],
  "transpose out of range": [IndexError, /dimension 2/, ({ x }) => x.transpose(0, 2)],
  "expand of another size": [ShapeError, /stretch/, ({ x }) => x.expand([4, 3])],
  "squeeze out of range": [IndexError, /dimension 5/, ({ x }) => x.squeeze(5)],
  "narrow beyond": [IndexError, /beyond/, ({ x }) => x.narrow(1, 2, 2)],
  "narrow of a fraction": [IndexError, /1.5/, ({ x }) => x.narrow(1, 0, 1.5)],
  "select out of range": [IndexError, /index 3/, ({ x }) => x.select(1, 3)],
  "split that does not add up": [ShapeError, /add up/, ({ x }) => x.split([1, 1], 1)],
  "split of negative sizes": [ShapeError, /sizes/, ({ x }) => x.split([4, -1], 1)],
  "chunk of none": [ShapeError, /at least 1/, ({ x }) => x.chunk(0)],
  "flip of one twice": [ShapeError, /twice/, ({ x }) => x.flip([0, 0])],
  "repeat of too few": [ShapeError, /fewer/, ({ x }) => x.repeat([2])],
  "diagonal of a vector": [IndexError, /two dimensions/, ({ row }) => row.diagonal()],
  "asStrided beyond": [IndexError, /outside a storage/, ({ x }) => x.asStrided([4], [2])],

  // Indexing.
  "an index out of range": [
    IndexError,
    /index 2 is out of range for dimension 0 of size 2/,
    ({ x }) => x.at(2),
  ],
  "a fraction as index": [IndexError, /0.5/, ({ x }) => x.at(0.5)],
  "too many indices": [IndexError, /too many/, ({ x }) => x.at(0, 0, 0)],
  "two ellipses": [IndexError, /only one/, ({ x }) => x.at("...", 0, "...")],
  "a range that is none": [IndexError, /"a:b" is no index/, ({ x }) => x.at("a:b")],
  "a negative step": [ValueError, /flip/, ({ x }) => x.at("::-1")],
  "a float index": [DTypeError, /int64/, ({ x, row }) => x.at(row)],
  "an undefined index": [IndexError, /undefined/, ({ x }) => x.at(undefined as never)],
  "an array of fractions": [IndexError, /array/, ({ x }) => x.at([0.5])],
  "an index of a scalar": [IndexError, /too many/, ({ scalar }) => scalar.at(0)],
  "gather out of range": [IndexError, /index 2/, ({ x, index }) => x.gather(0, index)],
  "gather of other dimensions": [ShapeError, /does not fit/, ({ x, good }) => x.gather(0, good)],
  "indexSelect out of range": [IndexError, /index 2/, ({ x, late }) => x.indexSelect(0, late)],
  "take out of range": [IndexError, /out of range/, ({ x }) => T.take(x, T.tensor([6n]))],
  "maskedSelect by integers": [DTypeError, /bool/, ({ x, ints }) => x.maskedSelect(ints)],

  // Reductions, order, joining, products.
  "mean of integers": [DTypeError, /mean needs floats/, ({ ints }) => ints.mean()],
  "sum over one dimension twice": [ShapeError, /twice/, ({ x }) => x.sum([0, 0])],
  "sum out of range": [IndexError, /dimension 3/, ({ x }) => x.sum(3)],
  "max of nothing": [IndexError, /empty/, ({ empty }) => empty.max()],
  "argmax of nothing": [IndexError, /empty/, ({ empty }) => empty.argmax(0)],
  "topk of too many": [IndexError, /4 of 3/, ({ x }) => x.topk(4)],
  "softmax of integers": [DTypeError, /floats/, ({ ints }) => ints.softmax(0)],
  "bincount of negatives": [ValueError, /negative/, () => T.bincount(T.tensor([-1n]))],
  "cat of other sizes": [ShapeError, /differ in more/, ({ x }) => T.cat([x, T.ones([2, 2])])],
  "cat of nothing": [ShapeError, /at least one/, () => T.cat([])],
  "cat of scalars": [ShapeError, /stack/, ({ scalar }) => T.cat([scalar])],
  "stack of other shapes": [ShapeError, /differ/, ({ x, row }) => T.stack([x, row])],
  "sizes that do not multiply": [
    ShapeError,
    /\[2, 3\] and \[2, 3\] cannot be multiplied/,
    ({ x }) => x.matmul(x),
  ],
  "batches that do not broadcast": [
    ShapeError,
    /broadcast/,
    () => T.ones([2, 3, 4]).matmul(T.ones([3, 4, 5])),
  ],
  "a product of two dtypes": [DTypeError, /float32 and float64/, ({ x, doubles }) => x.matmul(doubles.T)],
  "a product with a scalar": [ShapeError, /vectors and matrices/, ({ x, scalar }) => x.matmul(scalar)],
  "linear of other sizes": [ShapeError, /does not fit a weight/, ({ x }) => T.linear(x, T.ones([2, 4]))],
  "lstsq of other rows": [ShapeError, /lstsq/, ({ x, row }) => T.linalg.lstsq(x, row)],
  "item of many": [ShapeError, /one element/, ({ x }) => x.itemSync()],
  "numpy of a transposed tensor": [ShapeError, /contiguous/, ({ view }) => view.numpy()],
};

function state(): string {
  return String(T.defaultGenerator.getState());
}

function contents(o: Operands): [TypedArray, number][] {
  return Object.values(o).map((x) => [x.dataSync(), x.storage.version]);
}

describe("a bad call throws its error and changes nothing", () => {
  for (const [name, [type, message, call]] of Object.entries(bad)) {
    test(name, () => {
      const o = operands();
      const before = contents(o);
      const drawn = state();
      assert.throws(
        () => call(o),
        (error: Error) => {
          assert.ok(error instanceof type, `${error.name}: ${error.message}, expected a ${type.name}`);
          assert.match(error.message, message);
          return true;
        },
      );
      assert.deepEqual(contents(o), before);
      assert.equal(state(), drawn, "the random stream has moved on");
    });
  }
});

describe("a disposed tensor", () => {
  const calls: Record<string, (gone: T.Tensor, x: T.Tensor) => unknown> = {
    read: (gone) => gone.dataSync(),
    "an operand": (gone, x) => x.add(gone),
    "added in place": (gone, x) => x.add_(gone),
    written: (gone) => gone.add_(1),
    filled: (gone) => gone.fill_(1),
    "drawn into": (gone) => gone.normal_(),
    copied: (gone, x) => x.copy_(gone),
    reduced: (gone) => gone.sum(),
    multiplied: (gone, x) => x.matmul(gone),
    scattered: (gone, x) => x.scatter_(0, T.zeros([2, 2], { dtype: "int64" }), gone),
    indexed: (gone) => gone.at(0).add(1),
    "seen through a view": (gone) => gone.T.add(1),
  };
  for (const [name, call] of Object.entries(calls)) {
    test(name, () => {
      const gone = T.ones([2, 2]);
      const x = T.ones([2, 2]);
      const drawn = state();
      gone.dispose();
      assert.throws(
        () => call(gone, x),
        (error) => error instanceof DeviceError && /dispos|released|given back/.test(error.message),
      );
      assert.deepEqual(x.tolist(), [
        [1, 1],
        [1, 1],
      ]);
      assert.equal(x.storage.version, 0);
      assert.equal(state(), drawn);
    });
  }

  test("prints as such, and can be disposed twice", () => {
    const gone = T.ones([2]);
    gone.dispose();
    gone.dispose();
    assert.equal(String(gone), "tensor(disposed)");
  });
});

test("an asynchronous read rejects with the same errors", async () => {
  await assert.rejects(T.ones([2]).item(), ShapeError);
  const gone = T.ones([2]);
  gone.dispose();
  await assert.rejects(gone.data(), DeviceError);
});
