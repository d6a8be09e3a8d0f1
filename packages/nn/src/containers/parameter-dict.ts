import { quote, ValueError } from "@flambeau/backend";
import { describeValue, Tensor } from "@flambeau/tensor";
import { type Named, ownParameters } from "../module/members.ts";
import { Module } from "../module/module.ts";
import { Parameter } from "../parameter.ts";

/** PyTorch's names of tensors by their dtypes. */
const TYPES: Readonly<Record<string, string>> = {
  float16: "HalfTensor",
  float32: "FloatTensor",
  float64: "DoubleTensor",
};

/**
 * Parameters by name, which a module finds where it does not look into an object. Plain tensors become parameters.
 *
 * @throws ValueError when something is no tensor, or a name is empty, has a dot or is a method's.
 *
 * @example
 * ```ts
 * import { nn, ones, type Tensor, zeros } from "flambeau";
 *
 * class Line extends nn.Module {
 *   terms: nn.ParameterDict = new nn.ParameterDict({ slope: ones([1]), offset: zeros([1]) });
 *   override forward(x: Tensor): Tensor {
 *     return x.mul(this.terms.get("slope")).add(this.terms.get("offset"));
 *   }
 * }
 *
 * console.log(Object.keys(new Line().stateDict()).join(" "));
 * // terms.offset terms.slope
 * ```
 */
export class ParameterDict extends Module {
  constructor(parameters: Readonly<Record<string, Tensor>> = {}) {
    super();
    this.update(parameters);
  }

  /** The number of parameters. */
  get size(): number {
    return ownParameters(this).length;
  }

  /** Whether there is a parameter of this name. */
  has(name: string): boolean {
    return this.keys().includes(name);
  }

  /**
   * The parameter of a name.
   *
   * @throws ValueError when there is none.
   */
  get(name: string): Parameter {
    if (!this.has(name))
      throw new ValueError(
        `the ParameterDict has no ${quote(name)}; it has ${this.keys().join(", ") || "nothing"}`,
      );
    return this.getParameter(name);
  }

  /**
   * Sets or replaces the parameter of a name.
   *
   * @throws ValueError when it is no tensor, or the name is empty, has a dot or is a method's.
   */
  set(name: string, parameter: Tensor): this {
    if (!(parameter instanceof Tensor))
      throw new ValueError(`a ParameterDict holds tensors; got ${describeValue(parameter)}`);
    this.registerParameter(name, parameter instanceof Parameter ? parameter : new Parameter(parameter));
    return this;
  }

  /** Sets or replaces several parameters, by their names in order, as PyTorch takes those of a dict. */
  update(parameters: Readonly<Record<string, Tensor>>): this {
    for (const name of Object.keys(parameters).sort()) this.set(name, parameters[name]);
    return this;
  }

  /** The names in order. */
  keys(): string[] {
    return ownParameters(this).map(([name]) => name);
  }

  /** The parameters in order. */
  values(): Parameter[] {
    return ownParameters(this).map(([, parameter]) => parameter);
  }

  /** Names and parameters in order. */
  entries(): Named<Parameter>[] {
    return ownParameters(this);
  }

  /** Names and parameters in order, as `entries`. */
  items(): Named<Parameter>[] {
    return this.entries();
  }

  /** The parameter of a name, set to a tensor where there is none. */
  setdefault(name: string, parameter: Tensor): Parameter {
    return this.has(name) ? this.get(name) : this.set(name, parameter).get(name);
  }

  /**
   * Takes out the parameter of a name and gives it back.
   *
   * @throws ValueError when there is none.
   */
  pop(name: string): Parameter {
    const parameter = this.get(name);
    delete (this as unknown as Record<string, unknown>)[name];
    return parameter;
  }

  /**
   * Takes out the last parameter and gives it back with its name.
   *
   * @throws ValueError when there is none.
   */
  popitem(): Named<Parameter> {
    const last = this.entries().at(-1);
    if (last === undefined) throw new ValueError("the ParameterDict has no parameters");
    return [last[0], this.pop(last[0])];
  }

  /** Takes out all parameters. */
  clear(): void {
    for (const name of this.keys()) this.pop(name);
  }

  /** Another one of the same parameters. */
  copy(): ParameterDict {
    return new ParameterDict(Object.fromEntries(this.entries()));
  }

  override extraRepr(): string {
    return this.entries()
      .map(
        ([name, { dtype, shape }]) =>
          `  (${name}): Parameter containing: [${TYPES[dtype]} of size ${shape.join("x")}]`,
      )
      .join("\n");
  }
}
