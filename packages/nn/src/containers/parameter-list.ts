import { IndexError, quote, ValueError } from "@flambeau/backend";
import { Tensor } from "@flambeau/tensor";
import { ownParameters } from "../module/members.ts";
import { Module } from "../module/module.ts";
import { Parameter } from "../parameter.ts";

/**
 * Parameters in a list, which a module finds where it does not look into an array. Plain tensors become parameters.
 *
 * @throws ValueError when something is no tensor.
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

  constructor(parameters: Iterable<Tensor> = []) {
    super();
    this.extend(parameters);
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
  at(index: number): Parameter {
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
   * @throws ValueError when it is no tensor.
   */
  append(parameter: Tensor): this {
    if (!(parameter instanceof Tensor))
      throw new ValueError(`a ParameterList holds tensors; got ${quote(parameter)}`);
    const own = parameter instanceof Parameter ? parameter : new Parameter(parameter);
    this.registerParameter(String(this.length), own);
    return this;
  }

  /** Adds parameters at the end. */
  extend(parameters: Iterable<Tensor>): this {
    for (const parameter of parameters) this.append(parameter);
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
