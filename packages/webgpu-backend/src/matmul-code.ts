import { GROUP } from "./dispatch.ts";
import type { ValueType } from "./expr/convert.ts";
import { DEPTH, LANE_ROWS, LANES, type Plan, SIDE } from "./matmul-plan.ts";

/** Pieces of WGSL. */
export interface Product {
  readonly plan: Plan;
  /** The type in which products are summed. */
  readonly type: ValueType;
  /** The sum with the product of `x` and `y` added. */
  readonly times: (x: string, y: string, sum: string) => string;
  /** An element of an operand as a value of `type`, by its place in the buffer. */
  readonly a: (place: string) => string;
  readonly b: (place: string) => string;
  /** Names of sizes, and of steps in memory from row to row (`ai`, `bk`) and from column to column (`ak`, `bj`). */
  readonly m: string;
  readonly n: string;
  readonly k: string;
  readonly ai: string;
  readonly ak: string;
  readonly bk: string;
  readonly bj: string;
  /** Tiles down and right. */
  readonly down: string;
  readonly right: string;
  readonly groups: string;
  /** Rows of a tile. */
  readonly tall: string;
  /** Statements that set `ao`, `bo` and more to where the matrices of number `batch` begin. */
  readonly begin: string;
  /**
   * The operands that `put` reads and writes, by number: number i at `line<i> + across<i>`, where its row begins and how far
   * from there its column is.
   */
  readonly places: readonly string[];
  /** Statements that store `sum`. */
  readonly put: string;
  /** Where an unfinished sum is kept, if it is. */
  readonly kept: string;
  /** Whether `put` reads what another invocation may store there, so that each element must be stored once only. */
  readonly isInPlace: boolean;
  /** Whether the inner size is no multiple of the plan's depth. */
  readonly isRagged: boolean;
  /** Whether one turn of the loop takes the whole inner dimension. */
  readonly isWhole: boolean;
  /** Whether the last tiles reach beyond the columns. */
  readonly isUneven: boolean;
  /** Whether rows of a, and columns of b, lie next to each other, so that invocations had better go along them. */
  readonly aByRows: boolean;
  readonly bByColumns: boolean;
}

/** The body of `main` after its declarations. */
export function productCode(p: Product): string {
  const { kind } = p.plan;
  return kind === "shared" ? sharedCode(p) : kind === "streamed" ? streamedCode(p) : directCode(p);
}

/** Invocations of a workgroup. */
export function invocationsOf({ kind }: Plan): number {
  return kind === "shared" ? SIDE * SIDE : kind === "registers" ? LANES * LANE_ROWS : LANES;
}

/** Of the output, what a workgroup covers. */
export function coverOf({ kind, rows, columns }: Plan): [rows: number, columns: number] {
  if (kind === "shared") return [SIDE * rows, SIDE * columns];
  return [kind === "registers" ? LANE_ROWS * rows : rows, LANES * columns];
}

const PARAMETERS =
  "@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) grid: vec3<u32>, @builtin(local_invocation_index) lane: u32";

function count(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

/** Where the work of this workgroup is: `group` numbers tiles by rows, then matrices. */
function opening(p: Product): string {
  return `
  let group = ${GROUP};
  if (group >= ${p.groups}) { return; }
  let batch = group / (${p.down} * ${p.right});
  let tile = group % (${p.down} * ${p.right});
  ${p.begin}`;
}

/** Statements for where the operands of `put` have their elements of `row` and of `column`. */
function lines({ places }: Product): string {
  return places.map((i) => `let line${i} = start${i} + row * down${i};`).join(" ");
}

function acrosses({ places }: Product): string {
  return places.map((i) => `let across${i} = column * right${i};`).join(" ");
}

/** Statements that store all sums; `rowAt` and `columnAt` give the place of each. */
function closing(p: Product, rowAt: (i: string) => string, columnAt: (j: string) => string): string {
  const { kind, rows, columns } = p.plan;
  const guarded = (i: string, j: string, sum: string): string => `{
    let row = ${rowAt(i)};
    let column = ${columnAt(j)};
    if (row < ${p.m} && column < ${p.n}) {
      ${lines(p)}
      ${acrosses(p)}
      let sum = ${sum};
      ${p.put}
    }
  }`;
  // A branch for each element is dear on a CPU. What lies past an end was computed from the last row or column, and is
  // what belongs there: it is stored there again.
  const clamped = (i: string, j: string, sum: string): string => `{
    let row = min(${rowAt(i)}, ${p.m} - 1u);
    let column = min(${columnAt(j)}, ${p.n} - 1u);
    ${lines(p)}
    ${acrosses(p)}
    let sum = ${sum};
    ${p.put}
  }`;
  const one = kind === "broadcast" && !p.isInPlace ? clamped : guarded;
  const all = (i: string, sum: (j: number) => string): string[] =>
    count(columns).map((j) => one(i, `${j}u`, sum(j)));
  if (rows * columns <= 16) {
    return count(rows)
      .flatMap((i) => all(`${i}u`, (j) => `sums[${i * columns + j}]`))
      .join("\n");
  }
  // A loop, for a short program: compiling what is stored so many times over takes long.
  return `for (var i = 0u; i < ${rows}u; i++) {
    ${all("i", (j) => `sums[i * ${columns}u + ${j}u]`).join("\n")}
  }`;
}

/**
 * Each invocation's sums, at zero. An array, which GPUs keep in registers all the same: compilers for CPUs leave a large one
 * in memory, which is cheaper there than variables that a loop carries on.
 */
function zeros({ type, plan }: Product): string {
  return `var sums: array<${type}, ${plan.rows * plan.columns}>;`;
}

/** A few steps along the inner dimension at a time, with reads past an end moved to the last element. */
function directCode(p: Product): string {
  const { kind, rows, columns, depth } = p.plan;
  const isBroadcast = kind === "broadcast";
  const [tall, wide] = coverOf(p.plan);
  const zero = `${p.type}(0)`;
  // A step past the inner dimension's end counts nothing, even where what was read instead is infinite.
  const within = (value: string, at: string, isSure: boolean): string =>
    p.isRagged && !isSure ? `select(${zero}, ${value}, ${at} < ${p.k})` : value;
  const inside = (at: string, isSure: boolean): string =>
    p.isRagged && !isSure ? `min(${at}, ${p.k} - 1u)` : at;
  const steps = count(depth);
  const lines: string[] = [];
  if (isBroadcast) {
    for (const part of count(depth / 4)) {
      lines.push(`let mine${part} = k + x + ${4 * part}u;`);
      for (const i of count(rows)) {
        const place = `a_${i} + ${inside(`mine${part}`, false)} * ${p.ak}`;
        lines.push(`let x${i}_${part} = ${within(p.a(place), `mine${part}`, false)};`);
      }
    }
  }
  for (const u of steps) {
    lines.push(`let k${u} = k + ${u}u;`, `let there${u} = ${inside(`k${u}`, u === 0)};`);
    for (const j of count(columns)) {
      lines.push(`let y${j}_${u} = ${within(p.b(`b_${j} + there${u} * ${p.bk}`), `k${u}`, u === 0)};`);
    }
  }
  // Few sums at a time, each over all steps: so they stay in registers.
  for (let top = 0; top < rows; top += 8) {
    const some = count(rows).slice(top, top + 8);
    for (const u of steps) {
      for (const i of some) {
        const x = isBroadcast
          ? `subgroupBroadcast(x${i}_${u >> 2}, ${u & 3}u)`
          : within(p.a(`a_${i} + there${u} * ${p.ak}`), `k${u}`, u === 0);
        lines.push(`let z${i}_${u} = ${x};`);
      }
    }
    for (const j of count(columns)) {
      for (const i of some) {
        const sum = `sums[${i * columns + j}]`;
        const all = steps.reduce((text, u) => p.times(`z${i}_${u}`, `y${j}_${u}`, text), sum);
        lines.push(`${sum} = ${all};`);
      }
    }
  }
  const rowAt = (i: string): string => `top + ${i}`;
  const columnAt = (j: string): string => `left + ${j} * ${LANES}u`;
  return `
@compute @workgroup_size(${invocationsOf(p.plan)}) fn main(${PARAMETERS}${
    isBroadcast ? ", @builtin(subgroup_invocation_id) x: u32" : ""
  }) {
  ${opening(p)}
  ${isBroadcast ? "" : `let x = lane % ${LANES}u;`}
  let top = (tile / ${p.right}) * ${tall}u${isBroadcast ? "" : ` + (lane / ${LANES}u) * ${rows}u`};
  let left = (tile % ${p.right}) * ${wide}u + x;
  ${count(rows)
    .map((i) => `let a_${i} = ao + min(top + ${i}u, ${p.m} - 1u) * ${p.ai};`)
    .join("\n")}
  ${count(columns)
    .map((j) => `let b_${j} = bo + min(left + ${j * LANES}u, ${p.n} - 1u) * ${p.bj};`)
    .join("\n")}
  ${zeros(p)}
  for (var k = 0u; k < ${p.k}; k += ${depth}u) {
  ${lines.join("\n")}
  }
  ${closing(p, rowAt, columnAt)}
}
`;
}

/**
 * Each invocation keeps a part of b, `depth` steps of its columns, as an array that the sums read at places known when the
 * kernel is compiled: on a CPU such a read is an operand of the multiplication, where any other takes 15 ns. Its rows of a
 * go by in a loop. Sums of rows are added up in the output from part to part.
 */
function streamedCode(p: Product): string {
  const { columns, depth } = p.plan;
  const zero = `${p.type}(0)`;
  const within = (value: string, at: string): string =>
    p.isRagged ? `select(${zero}, ${value}, ${at} < ${p.k})` : value;
  const inside = (at: string): string => (p.isRagged ? `min(${at}, ${p.k} - 1u)` : `(${at})`);
  const before: string[] = [];
  const turn: string[] = [];
  for (const part of count(depth / 4)) {
    before.push(`let at${part} = k + x + ${4 * part}u; let mine${part} = ${inside(`at${part}`)} * ${p.ak};`);
    turn.push(`let x${part} = ${within(p.a(`rowOfA + mine${part}`), `at${part}`)};`);
  }
  const sums = count(columns).map(() => zero);
  // Few steps at a time, so that the sums and what they are made of stay in registers.
  for (let first = 0; first < depth; first += 8) {
    const steps = count(8).map((s) => first + s);
    for (const s of steps) turn.push(`let z${s} = subgroupBroadcast(x${s >> 2}, ${s & 3}u);`);
    for (const j of count(columns)) {
      const sum = steps.reduce((text, s) => p.times(`z${s}`, `table[${s * columns + j}]`, text), sums[j]);
      sums[j] = `sum${j}_${first}`;
      turn.push(`let ${sums[j]} = ${sum};`);
    }
  }
  for (const j of count(columns)) {
    before.push(`let column_${j} = left + ${j * LANES}u;`);
    for (const i of p.places) before.push(`let across${i}_${j} = column_${j} * right${i};`);
  }
  /** For each column, what is done where there is one. */
  const each = (what: (j: number) => string): string =>
    count(columns)
      .map((j) => {
        const places = p.places.map((i) => `let across${i} = across${i}_${j};`);
        return `${p.isUneven ? `if (column_${j} < ${p.n})` : ""} { ${places.join(" ")} ${what(j)} }`;
      })
      .join("\n");
  const whole = each((j) => `let sum = ${sums[j]}; ${p.put}`);
  const parts = `if (k + ${depth}u >= ${p.k}) {
        ${each((j) => `let sum = ${p.kept} + ${sums[j]}; ${p.put}`)}
      } else if (k > 0u) {
        ${each((j) => `${p.kept} += ${sums[j]};`)}
      } else {
        ${each((j) => `${p.kept} = ${sums[j]};`)}
      }`;
  const stores = p.isWhole ? whole : parts;
  return `
@compute @workgroup_size(${invocationsOf(p.plan)}) fn main(${PARAMETERS}, @builtin(subgroup_invocation_id) x: u32) {
  ${opening(p)}
  let top = (tile / ${p.right}) * ${p.tall};
  let bottom = min(top + ${p.tall}, ${p.m});
  let left = (tile % ${p.right}) * ${columns * LANES}u + x;
  var table: array<${p.type}, ${depth * columns}>;
  for (var k = 0u; k < ${p.k}; k += ${depth}u) {
    var place = 0u;
    for (var s = 0u; s < ${depth}u; s++) {
      let step = bo + ${inside("k + s")} * ${p.bk};
      for (var j = 0u; j < ${columns}u; j++) {
        let column = ${p.isUneven ? `min(left + j * ${LANES}u, ${p.n} - 1u)` : `left + j * ${LANES}u`};
        table[place] = ${within(p.b(`step + column * ${p.bj}`), "k + s")};
        place++;
      }
    }
    ${before.join("\n")}
    for (var row = top; row < bottom; row++) {
      let rowOfA = ao + row * ${p.ai};
      ${lines(p)}
      ${turn.join("\n")}
      ${stores}
    }
  }
}
`;
}

/** Tiles in the workgroup's memory, zero past the matrices' ends. */
function sharedCode(p: Product): string {
  const { rows, columns } = p.plan;
  const [tall, wide] = coverOf(p.plan);
  const all = SIDE * SIDE;
  const zero = `${p.type}(0)`;
  const fetchA = `
    for (var e = lane; e < ${tall * DEPTH}u; e += ${all}u) {
      let i = ${p.aByRows ? `e % ${tall}u` : `e / ${DEPTH}u`};
      let s = ${p.aByRows ? `e / ${tall}u` : `e % ${DEPTH}u`};
      var value = ${zero};
      if (top + i < ${p.m} && k + s < ${p.k}) { value = ${p.a(`ao + (top + i) * ${p.ai} + (k + s) * ${p.ak}`)}; }
      partA[s * ${tall}u + i] = value;
    }`;
  const fetchB = `
    for (var e = lane; e < ${wide * DEPTH}u; e += ${all}u) {
      let j = ${p.bByColumns ? `e % ${wide}u` : `e / ${DEPTH}u`};
      let s = ${p.bByColumns ? `e / ${wide}u` : `e % ${DEPTH}u`};
      var value = ${zero};
      if (left + j < ${p.n} && k + s < ${p.k}) { value = ${p.b(`bo + (k + s) * ${p.bk} + (left + j) * ${p.bj}`)}; }
      partB[s * ${wide}u + j] = value;
    }`;
  const step = [
    ...count(columns).map((j) => `let y${j} = partB[s * ${wide}u + x + ${j * SIDE}u];`),
    ...count(rows).flatMap((i) => [
      `let z${i} = partA[s * ${tall}u + y * ${rows}u + ${i}u];`,
      ...count(columns).map((j) => {
        const sum = `sums[${i * columns + j}]`;
        return `${sum} = ${p.times(`z${i}`, `y${j}`, sum)};`;
      }),
    ]),
  ];
  return `
var<workgroup> partA: array<${p.type}, ${tall * DEPTH}>;
var<workgroup> partB: array<${p.type}, ${wide * DEPTH}>;
@compute @workgroup_size(${all}) fn main(${PARAMETERS}) {
  ${opening(p)}
  let x = lane % ${SIDE}u;
  let y = lane / ${SIDE}u;
  let top = (tile / ${p.right}) * ${tall}u;
  let left = (tile % ${p.right}) * ${wide}u;
  ${zeros(p)}
  for (var k = 0u; k < ${p.k}; k += ${DEPTH}u) {
    ${fetchA}
    ${fetchB}
    workgroupBarrier();
    for (var s = 0u; s < ${DEPTH}u; s++) {
      ${step.join("\n      ")}
    }
    workgroupBarrier();
  }
  ${closing(
    p,
    (i) => `top + y * ${rows}u + ${i}`,
    (j) => `left + x + ${j} * ${SIDE}u`,
  )}
}
`;
}
