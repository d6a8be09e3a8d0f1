/**
 * Which values show the same memory, so that a write through one of them reaches the others: a write gives the memory new contents, of
 * which every value that shows it is made anew when it is next used.
 */
import type { Value } from "@flambeau/graph";
import type { Builder, Ref } from "./builder.ts";

/** What a view shows of a tensor: of any one of the same shape. */
export type View = (x: Ref) => Ref;

interface Memory {
  contents: Ref;
  version: number;
  /** Why it cannot be written to, if so. */
  refusal: string;
}

/** Where a value lies. */
interface Cell {
  readonly memory: Memory;
  readonly views: readonly View[];
  readonly ref: Ref;
  /** The version of the memory that `ref` shows. */
  readonly version: number;
}

export class Memories {
  readonly #builder: Builder;
  readonly #cells = new Map<Value, Cell>();

  constructor(builder: Builder) {
    this.#builder = builder;
  }

  has(value: Value): boolean {
    return this.#cells.has(value);
  }

  /** What a value is now. */
  get(value: Value): Ref | undefined {
    const cell = this.#cells.get(value);
    if (cell === undefined || cell.version === cell.memory.version) return cell?.ref;
    const { memory, views } = cell;
    const ref = views.reduce((x, view) => view(x), memory.contents);
    this.#cells.set(value, { memory, views, ref, version: memory.version });
    return ref;
  }

  /** A value in memory of its own; `refusal` says why nothing may write to it. */
  add(value: Value, ref: Ref, refusal = ""): void {
    this.#cells.set(value, {
      memory: { contents: ref, version: 0, refusal },
      views: [],
      ref,
      version: 0,
    });
  }

  /** A value that shows the memory of another one. */
  addView(value: Value, of: Value, view: View, ref: Ref): void {
    this.get(of);
    const { memory, views } = this.#cells.get(of) as Cell;
    this.#cells.set(value, { memory, views: [...views, view], ref, version: memory.version });
  }

  /** As `addView`, of what is made when it is first used. */
  addLater(value: Value, of: Value, view: View): void {
    const { memory, views, ref } = this.#cells.get(of) as Cell;
    this.#cells.set(value, { memory, views: [...views, view], ref, version: -1 });
  }

  /** A value that is what another one is: the same tensor after a write. */
  addSame(value: Value, as: Value): void {
    this.#cells.set(value, { ...(this.#cells.get(as) as Cell), version: -1 });
  }

  /** All values, with what they were when they were last used. */
  shown(): (readonly [Value, Ref])[] {
    return [...this.#cells].flatMap(([value, { ref, version }]) =>
      version < 0 ? [] : [[value, ref] as const],
    );
  }

  /** Why nothing may write to a value; "" where it may. */
  refusalOf(value: Value): string {
    return this.#cells.get(value)?.memory.refusal ?? "";
  }

  /** Has writes to a value refused from now on. */
  refuse(value: Value, refusal: string): void {
    const cell = this.#cells.get(value);
    if (cell !== undefined && cell.memory.refusal === "") cell.memory.refusal = refusal;
  }

  /** Writes over a value, after which it is `result`. */
  write(target: Value, result: Value, ref: Ref): void {
    const { memory, views } = this.#cells.get(target) as Cell;
    memory.contents = views.length === 0 ? ref : written(this.#builder, memory.contents, views, ref);
    memory.version++;
    this.#cells.set(result, { memory, views, ref, version: memory.version });
  }

  /** Writes over the part of a value that a view shows. */
  writePart(target: Value, view: View, part: Ref): void {
    const { memory, views } = this.#cells.get(target) as Cell;
    memory.contents = written(this.#builder, memory.contents, [...views, view], part);
    memory.version++;
  }
}

/** A tensor with `part` where the views show it: at the positions that they show of all positions. */
export function written(builder: Builder, contents: Ref, views: readonly View[], part: Ref): Ref {
  const int = (values: readonly number[], dims: readonly number[]): Ref =>
    builder.constant("int64", dims, values);
  const flat = (x: Ref): Ref => builder.node("Reshape", [x, int([-1], [1])], x.dtype);
  const shape = builder.node("Shape", [contents], "int64");
  const count = builder.node("Size", [contents], "int64");
  const all = builder.node("Range", [int([0], []), count, int([1], [])], "int64");
  const positions = builder.node("Reshape", [all, shape], "int64");
  const shown = flat(views.reduce((x, view) => view(x), positions));
  const inputs = [flat(contents), shown, flat(part)];
  const written = builder.node("ScatterElements", inputs, contents.dtype, { axis: 0 });
  return builder.node("Reshape", [written, shape], contents.dtype);
}
