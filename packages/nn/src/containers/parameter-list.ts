import { IndexError } from "@flambeau/backend";
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { ownParameters } from "../module/members.ts";
import { Module } from "../module/module.ts";
import { Parameter } from "../parameter.ts";
import { tensorsOf } from "./items.ts";

const PARAMETER_LIST = "ParameterList(values?: iterable)";
const AT = "at(index: int)";
const APPEND = "append(value: tensor)";
const EXTEND = "extend(values: iterable)";

/** The types that the signatures have no kinds for. */
interface Types {
  /** The parameters, in order. */
  readonly values: Iterable<Tensor>;
}

/**
 * Parameters in a list, which a module finds where it does not look into an array. Plain tensors become parameters.
 *
 * @throws ArgumentError when something is no tensor.
 *
 * @example
 * ```ts
 * import { nn, ones, type Tensor, zeros } from "flambeau";
 *
 * class Polynomial extends nn.Module {
 *   factors: nn.ParameterList = new nn.ParameterList([zeros([1]), ones([1]), ones([1])]);
 *   override forward(x: Tensor): Tensor {
 *     let y = x.mul(0);
 *     for (const factor of this.factors) y = y.mul(x).add(factor);
 *     return y;
 *   }
 * }
 *
 * const model = new Polynomial();
 * console.log(model.namedParameters().map(([name]) => name).join(" "));
 * // factors.0 factors.1 factors.2
 * ```
 */
export class ParameterList extends Module {
  [index: number]: Parameter;

  constructor(...args: Args<typeof PARAMETER_LIST, Types>) {
    super();
    const { values } = bind<typeof PARAMETER_LIST, Types>(PARAMETER_LIST, args);
    for (const value of tensorsOf("ParameterList", values ?? [])) this.append(value);
  }

  /** The number of parameters. */
  override get length(): number {
    return ownParameters(this).length;
  }

  /**
   * The parameter at a position; a negative one counts from the end.
   *
   * @throws IndexError when there is none.
   */
  at(...args: Args<typeof AT>): Parameter {
    const { index } = bind(AT, args);
    const found = ownParameters(this).at(index);
    if (found === undefined) throw new IndexError(`there is no parameter ${index} among ${this.length}`);
    return found[1];
  }

  /** The parameters in order. */
  *[Symbol.iterator](): IterableIterator<Parameter> {
    for (const [, parameter] of ownParameters(this)) yield parameter;
  }

  /**
   * Adds a parameter at the end.
   *
   * @throws ArgumentError when it is no tensor.
   */
  append(...args: Args<typeof APPEND>): this {
    const parameter = bind(APPEND, args).value;
    const own = parameter instanceof Parameter ? parameter : new Parameter(parameter);
    this.registerParameter(String(this.length), own);
    return this;
  }

  /**
   * Adds parameters at the end.
   *
   * @throws ArgumentError when one is no tensor.
   */
  extend(...args: Args<typeof EXTEND, Types>): this {
    const { values } = bind<typeof EXTEND, Types>(EXTEND, args);
    for (const value of tensorsOf("extend", values)) this.append(value);
    return this;
  }

  override extraRepr(): string {
    return ownParameters(this)
      .map(
        ([name, { dtype, shape }]) =>
          `  (${name}): Parameter containing: [${dtype} of size ${shape.join("x")}]`,
      )
      .join("\n");
  }
}
