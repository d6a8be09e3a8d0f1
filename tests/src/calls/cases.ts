/**
 * Arguments for every callable, one for each of its parameters where that is possible: those of a record of PyTorch's
 * (tests/fixtures/ops.json), and for parameters that no record gives the values below.
 */
import { bindAll, Generator, tensor, toNpy } from "@flambeau/tensor";
import { opCases, pool } from "../records/ops.ts";
import { Arguments, special } from "../records/record.ts";
import type { Called, Schema } from "./callables.ts";

/** What makes the arguments of a call, afresh for each: an undefined one is left out. */
export type MakeArguments = () => unknown[];

const way = { float: "float64", layout: "contiguous" } as const;
/** Written as in tests/fixtures/ops.json: `{ t: 44 }` is tensor 44 there. */
type Written = readonly unknown[];

/** Arguments of callables that PyTorch has no record of. Add here what the test misses. */
const more: Readonly<Record<string, readonly Written[]>> = {
  asStrided: [[{ t: 44 }, [2], [1], 1]],
  cov: [
    [
      tensor([
        [1, 2, 4],
        [3, 1, 0],
      ]),
      { correction: 0, fweights: tensor([1n, 2n, 1n]), aweights: tensor([0.5, 1, 2]) },
    ],
  ],
  diff: [
    [
      tensor([
        [1, 4],
        [3, 9],
      ]),
      1,
      0,
      tensor([[7, 0]]),
      tensor([[2, 5]]),
    ],
  ],
  empty: [[[2, 3]]],
  emptyLike: [[{ t: 44 }]],
  fromNpy: [
    [
      await toNpy(
        tensor([
          [1, 2],
          [3, 4],
        ]),
      ),
    ],
  ],
  fromNumpy: [[Float32Array.of(1, 2, 3, 4), [2, 2]]],
  newEmpty: [[{ t: 44 }, [2, 3]]],
  randintLike: [[{ t: 274 }, 2, 9]],
  std: [[{ t: 44 }, false]],
  stdMean: [[{ t: 44 }, false]],
  to: [
    [{ t: 44 }, "cpu", "float32"],
    [{ t: 44 }, { dtype: "float32", device: "cpu" }],
  ],
  var: [[{ t: 44 }, false]],
  varMean: [[{ t: 44 }, false]],
};

/** Values by the name of the parameter, of which the first that fits is given: other than the default, if one is. */
const values: Readonly<Record<string, readonly unknown[]>> = {
  device: ["cpu"],
  dim: [0, [0, 1]],
  dtype: ["float64", "int64"],
  eps: [0.1],
  generator: [{ seed: 7 }],
  rcond: [0.01],
  reduce: ["multiply"],
  storageOffset: [1],
};

/** A case of a form, or the parameters that it lacks. */
export function caseOf(
  c: Called,
): { readonly make: MakeArguments; readonly lacking: readonly string[] } | undefined {
  let best: Written | undefined;
  for (const written of writtenFor(c)) {
    const given = (list: Written | undefined): number => list?.filter((x) => x !== undefined).length ?? -1;
    if (given(written) > given(best) && works(c, written)) best = written;
  }
  if (best === undefined) return undefined;
  const list = [...best];
  const lacking: string[] = [];
  c.schema.params.forEach(({ name, initial }, i) => {
    if (list[i] !== undefined) return;
    const value = [...(values[name] ?? []), ...(typeof initial === "boolean" ? [!initial] : [])].find((x) =>
      works(c, list.with(i, x)),
    );
    list[i] = value ?? initial;
    if (list[i] === undefined) lacking.push(name);
  });
  return { make: () => list.map(read), lacking };
}

function* writtenFor(c: Called): Iterable<Written> {
  const { params } = c.schema;
  const bare: Schema = { ...c.schema, params: params.map((param) => ({ ...param, initial: undefined })) };
  const all = [
    ...c.ops.flatMap((op) => more[op] ?? []),
    ...opCases.filter(({ op, raises }) => c.ops.includes(op) && raises === undefined).map(({ args }) => args),
  ];
  for (const args of all) {
    try {
      // The marks of tensors take their place, in the order of the parameters.
      const marks = new Map<unknown, unknown>();
      const mark = (x: unknown): unknown => {
        const made = read(x);
        marks.set(made, x);
        return made;
      };
      yield bindAll(bare, args.map(mark)).map((x) => marks.get(x) ?? x);
    } catch {
      // Of another form.
    }
  }
}

function works(c: Called, written: Written): boolean {
  try {
    c.call(byPosition(c.schema, written.map(read)));
    return true;
  } catch {
    return false;
  }
}

/** A written argument; a leaf is a plain tensor here, so that it can be written to. */
function read(x: unknown): unknown {
  if (Array.isArray(x)) return x.map(read);
  if (typeof x !== "object" || x === null) return special(x);
  if (x.constructor !== Object) return x;
  if ("seed" in x) return new Generator().manualSeed(x.seed as number);
  if ("t" in x || "x" in x) return new Arguments(pool, way).read({ t: "t" in x ? x.t : x.x });
  return Object.fromEntries(Object.entries(x).map(([key, value]) => [key, read(value)]));
}

/** All arguments by position that can be, the others in an object. */
export function byPosition(
  schema: Schema,
  args: readonly unknown[],
  count: number = schema.positional,
): unknown[] {
  const named = schema.params.flatMap(({ name }, i) =>
    i >= count && args[i] !== undefined ? [[name, args[i]]] : [],
  );
  return [...args.slice(0, count), ...(named.length > 0 ? [Object.fromEntries(named)] : [])];
}
