/** What stands in expressions until the whole class is known. */
import type { Size, Value } from "@flambeau/graph";
import type { Expr } from "./python/tree.ts";

/** A number that instances of one class may differ in. */
export class Constant {
  readonly value: number;
  /** What it would be called as a parameter: `in_features`. */
  readonly name: string;

  constructor(value: number, name: string) {
    this.value = value;
    this.name = name;
  }
}

/** An argument that is the mode of the module, or its opposite. */
export class TrainingFlag {
  /** What it is in training mode. */
  readonly inTraining: boolean;

  constructor(inTraining: boolean) {
    this.inTraining = inTraining;
  }
}

/** A tensor, a size, a number, or the device of the inputs. */
export type Hole = Value | Size | Constant | "device";

/** An expression of a body. */
export type BodyExpr = Expr<Hole>;
