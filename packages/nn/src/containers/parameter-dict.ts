import { quote, ValueError } from "@flambeau/backend";
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { type Named, ownParameters } from "../module/members.ts";
import { Module } from "../module/module.ts";
import { Parameter } from "../parameter.ts";
import { namedTensorsOf } from "./items.ts";

/** PyTorch's names of tensors by their dtypes. */
const TYPES: Readonly<Record<string, string>> = {
  float16: "HalfTensor",
  bfloat16: "BFloat16Tensor",
  float32: "FloatTensor",
  float64: "DoubleTensor",
};

const PARAMETER_DICT = "ParameterDict(parameters?: object)";
const HAS = "has(key: string)";
const GET = "get(key: string)";
const SET = "set(key: string, value: tensor)";
const UPDATE = "update(parameters: object)";
const SETDEFAULT = "setdefault(key: string, value: tensor)";
const POP = "pop(key: string)";

/** The types that the signatures have no kinds for. */
interface Types {
  /** The parameters by their names. */
  readonly parameters: Readonly<Record<string, Tensor>>;
}

/**
 * Parameters by name, which a module finds where it does not look into an object. Plain tensors become parameters.
 *
 * @throws ArgumentError when something is no tensor; ValueError when a name is empty, has a dot or is a method's.
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
  constructor(...args: Args<typeof PARAMETER_DICT, Types>) {
    super();
    setAll("ParameterDict", this, bind<typeof PARAMETER_DICT, Types>(PARAMETER_DICT, args).parameters ?? {});
  }

  /** The number of parameters. */
  get size(): number {
    return ownParameters(this).length;
  }

  /** Whether there is a parameter of this name. */
  has(...args: Args<typeof HAS>): boolean {
    return this.keys().includes(bind(HAS, args).key);
  }

  /**
   * The parameter of a name.
   *
   * @throws ValueError when there is none.
   */
  get(...args: Args<typeof GET>): Parameter {
    const name = bind(GET, args).key;
    if (!this.has(name))
      throw new ValueError(
        `the ParameterDict has no ${quote(name)}; it has ${this.keys().join(", ") || "nothing"}`,
      );
    return this.getParameter(name);
  }

  /**
   * Sets or replaces the parameter of a name.
   *
   * @throws ArgumentError when it is no tensor; ValueError when the name is empty, has a dot or is a method's.
   */
  set(...args: Args<typeof SET>): this {
    const { key, value } = bind(SET, args);
    this.registerParameter(key, value instanceof Parameter ? value : new Parameter(value));
    return this;
  }

  /** Sets or replaces several parameters, by their names in order, as PyTorch takes those of a dict. */
  update(...args: Args<typeof UPDATE, Types>): this {
    setAll("update", this, bind<typeof UPDATE, Types>(UPDATE, args).parameters);
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
  setdefault(...args: Args<typeof SETDEFAULT>): Parameter {
    const { key, value } = bind(SETDEFAULT, args);
    return this.has(key) ? this.get(key) : this.set(key, value).get(key);
  }

  /**
   * Takes out the parameter of a name and gives it back.
   *
   * @throws ValueError when there is none.
   */
  pop(...args: Args<typeof POP>): Parameter {
    const name = bind(POP, args).key;
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

/** No method: a copy has no private ones of its class, and names of others are free for parameters. */
function setAll(what: string, dict: ParameterDict, parameters: Types["parameters"]): void {
  namedTensorsOf(what, parameters);
  for (const name of Object.keys(parameters).sort()) dict.set(name, parameters[name]);
}
