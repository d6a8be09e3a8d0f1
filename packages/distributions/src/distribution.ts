import { noGrad } from "@flambeau/autograd";
import { markClass, type Shape } from "@flambeau/backend";
import { type Args, bind, type Operand, showAs, Tensor } from "@flambeau/tensor";
import { numberLike } from "./broadcast.ts";
import type { Constraint } from "./constraints/index.ts";
import { COPY } from "./copy.ts";
import { NotImplementedError } from "./errors.ts";
import { sizeText, snakeCase, valueText } from "./text.ts";
import { checkParameters, checkValue, requireAll } from "./validation.ts";

/** The parameters that a distribution was given, by name. */
export type Parameters = Readonly<Record<string, Tensor>>;

/** For each parameter what it has to satisfy. */
export type ArgConstraints = Readonly<Record<string, Constraint>>;

const SAMPLE = "sample(sampleShape?: ints)";
const RSAMPLE = "rsample(sampleShape?: ints)";
const SAMPLE_N = "sampleN(n: int)";
const LOG_PROB = "logProb(value: operand)";
const CDF = "cdf(value: operand)";
const ICDF = "icdf(value: operand)";
const EXPAND = "expand(batchShape: ints)";
const ENUMERATE = "enumerateSupport(expand = true)";
const SET_DEFAULT = "setDefaultValidateArgs(value: bool)";

let defaultValidateArgs = true;

/**
 * The base of all distributions: `torch.distributions.Distribution`. A batch of distributions of shape `batchShape`, each over
 * events of shape `eventShape`; a sample has the shape `[...sampleShape, ...batchShape, ...eventShape]`, a log-density lacks the
 * last part.
 *
 * Unless `validateArgs` is false, parameters are checked when a distribution is made, and values when they are given to `logProb`
 * and `cdf`. A check reads numbers back: on a device that cannot be read at once only shapes are checked, but with
 * `validateArgs: true` the next read throws what was wrong.
 *
 * One of your own extends it: it calls `super(batchShape, eventShape, parameters, validateArgs)`, has `argConstraints` and
 * `support`, and overrides `sample` or `rsample`, `logProb` and what else it can.
 *
 * @example
 * ```ts
 * import { distributions, manualSeed, nn, tensor } from "flambeau";
 *
 * // One step of REINFORCE: what was rewarded becomes more probable.
 * manualSeed(0);
 * const policy = new nn.Linear(4, 2);
 * const state = tensor([0.1, 0.2, 0.3, 0.4]);
 * const actions = new distributions.Categorical({ logits: policy(state) });
 * const action = actions.sample();
 * const reward = 1;
 * const loss = actions.logProb(action).mul(-reward);
 * loss.backward();
 * console.log(policy.weight.grad!.shape.join());
 * // 2,4
 * ```
 */
export abstract class Distribution {
  /** The shape of the batch of distributions. */
  readonly batchShape: Shape;
  /** The shape of one event. */
  readonly eventShape: Shape;
  /** @internal */
  readonly params: Parameters;
  /** @internal */
  readonly validateArgs: boolean | null;

  /**
   * @param params - the parameters by their names in `argConstraints`, broadcast already.
   * @param validateArgs - whether values are checked. Default: see {@link Distribution.setDefaultValidateArgs}.
   * @throws ValueError when a parameter does not satisfy its constraint.
   */
  constructor(
    batchShape: Shape = [],
    eventShape: Shape = [],
    params: Parameters = {},
    validateArgs?: boolean | null,
  ) {
    this.batchShape = batchShape;
    this.eventShape = eventShape;
    this.params = params;
    this.validateArgs = validateArgs ?? null;
    if (this.validates) checkParameters(this);
  }

  /**
   * Whether values are checked where a distribution is not told. They are at first.
   *
   * @example
   * ```ts
   * import { distributions } from "flambeau";
   *
   * distributions.Distribution.setDefaultValidateArgs(false);
   * console.log(String(new distributions.Normal(0, -1)));
   * // Normal(loc: 0.0, scale: -1.0)
   * distributions.Distribution.setDefaultValidateArgs(true);
   * ```
   */
  static setDefaultValidateArgs(...args: Args<typeof SET_DEFAULT>): void {
    defaultValidateArgs = bind(SET_DEFAULT, args).value;
  }

  /** For each parameter what it has to satisfy. */
  abstract get argConstraints(): ArgConstraints;

  /** What samples satisfy. */
  get support(): Constraint {
    throw this.lacks("support");
  }

  /** Whether `rsample` is there: samples through which gradients reach the parameters. */
  get hasRsample(): boolean {
    return false;
  }

  /** Whether `enumerateSupport` is there. */
  get hasEnumerateSupport(): boolean {
    return false;
  }

  /** The mean of each distribution. */
  get mean(): Tensor {
    throw this.lacks("mean");
  }

  /** The most probable value of each distribution. */
  get mode(): Tensor {
    throw this.lacks("mode");
  }

  /** The variance of each distribution. */
  get variance(): Tensor {
    throw this.lacks("variance");
  }

  /** The standard deviation of each distribution. */
  get stddev(): Tensor {
    return this.variance.sqrt();
  }

  /**
   * Samples of shape `[...sampleShape, ...batchShape, ...eventShape]`, not recorded. For the same seed they are PyTorch's, on
   * devices that can be read at once and, where a sample takes always as many random numbers, on all.
   */
  sample(...args: Args<typeof SAMPLE>): Tensor {
    const { sampleShape } = bind(SAMPLE, args);
    return noGrad(() => this.sampled(sampleShape ?? []));
  }

  /**
   * As `sample`, recorded: a function of the parameters and of random numbers that do not depend on them.
   *
   * @throws NotImplementedError where `hasRsample` is false.
   */
  rsample(...args: Args<typeof RSAMPLE>): Tensor {
    return this.rsampled(bind(RSAMPLE, args).sampleShape ?? []);
  }

  /** As `sample([n])`. */
  sampleN(...args: Args<typeof SAMPLE_N>): Tensor {
    return this.sample([bind(SAMPLE_N, args).n]);
  }

  /**
   * The logarithm of the density, or of the probability, of values that broadcast to `[...batchShape, ...eventShape]`.
   *
   * @throws ValueError when a value is outside the support; ShapeError when the shapes do not fit.
   */
  logProb(...args: Args<typeof LOG_PROB>): Tensor {
    return this.logProbOf(this.checked(bind(LOG_PROB, args).value));
  }

  /**
   * The probability of a value that is not larger.
   *
   * @throws ValueError when a value is outside the support; NotImplementedError where there is no formula.
   */
  cdf(...args: Args<typeof CDF>): Tensor {
    return this.cdfOf(this.checked(bind(CDF, args).value));
  }

  /**
   * The value at which `cdf` has a value in [0, 1].
   *
   * @throws NotImplementedError where there is no formula.
   */
  icdf(...args: Args<typeof ICDF>): Tensor {
    return this.icdfOf(this.asValue(bind(ICDF, args).value));
  }

  /**
   * The differential entropy, or the entropy, of each distribution, in nats.
   *
   * @throws NotImplementedError where there is no formula.
   */
  entropy(): Tensor {
    throw this.lacks("entropy");
  }

  /** The exponential of the entropy. */
  perplexity(): Tensor {
    return this.entropy().exp();
  }

  /**
   * All values of a discrete distribution along a new first dimension: `[values, ...batchShape, ...eventShape]`, or with sizes of 1
   * in place of the batch shape where `expand` is false.
   *
   * @throws NotImplementedError where `hasEnumerateSupport` is false.
   */
  enumerateSupport(...args: Args<typeof ENUMERATE>): Tensor {
    const values = this.enumerated();
    const events = this.eventShape.length;
    const count = values.shape[0];
    const shape = [count, ...this.batchShape.map(() => 1), ...values.shape.slice(1)];
    const apart = values.reshape(shape);
    if (!bind(ENUMERATE, args).expand) return apart;
    return apart.expand([count, ...this.batchShape, ...shape.slice(shape.length - events)]);
  }

  /**
   * The same distributions in a larger batch, without a copy of the parameters.
   *
   * @throws ShapeError when `batchShape` does not expand to it.
   */
  expand(...args: Args<typeof EXPAND>): this {
    return this.expanded(bind(EXPAND, args).batchShape);
  }

  /** PyTorch's text: the parameters, or their shapes. */
  toString(): string {
    return this.textWith(this.shown);
  }

  /** The text with these parameters. @internal */
  textWith(names: readonly string[]): string {
    const shown = names.map((name) => {
      const value = this.parameter(name) ?? (this as unknown as Parameters)[name];
      return `${snakeCase(name)}: ${value.numel() === 1 ? valueText(value) : sizeText(value.shape)}`;
    });
    return `${this.constructor.name}(${shown.join(", ")})`;
  }

  // What follows is for distributions themselves.

  /** @internal */
  sampled(shape: Shape): Tensor {
    return this.rsampled(shape);
  }

  /** @internal */
  rsampled(_shape: Shape): Tensor {
    throw this.lacks("rsample");
  }

  /** @internal */
  logProbOf(_value: Tensor): Tensor {
    throw this.lacks("logProb");
  }

  /** @internal */
  cdfOf(_value: Tensor): Tensor {
    throw this.lacks("cdf");
  }

  /** @internal */
  icdfOf(_value: Tensor): Tensor {
    throw this.lacks("icdf");
  }

  /** The values of `enumerateSupport` without the dimensions of the batch. @internal */
  enumerated(): Tensor {
    throw this.lacks("enumerateSupport");
  }

  /** @internal */
  expanded(batchShape: Shape): this {
    const { argConstraints } = this;
    const params = Object.fromEntries(
      Object.entries(this.params).map(([name, x]) => {
        const events = argConstraints[name]?.eventDim ?? 0;
        return [name, x.expand([...batchShape, ...x.shape.slice(x.ndim - events)])];
      }),
    );
    return this.with({ batchShape, params } as Partial<this>);
  }

  /** A copy with other fields, which are not checked. @internal */
  with(fields: Partial<this>): this {
    return Object.assign(Object.create(Object.getPrototypeOf(this)), this, fields);
  }

  /** A parameter that is checked under this name. @internal */
  parameter(name: string): Tensor | undefined {
    return this.params[name];
  }

  /** The names of the parameters that the text has. @internal */
  get shown(): readonly string[] {
    return Object.keys(this.argConstraints).filter((name) => name in this.params);
  }

  /** A tensor whose dtype and device those of samples are. @internal */
  get anchor(): Tensor | undefined {
    return Object.values(this.params)[0];
  }

  /** The shape of a sample. @internal */
  extendedShape(sampleShape: Shape): Shape {
    return [...sampleShape, ...this.batchShape, ...this.eventShape];
  }

  /** @internal */
  get validates(): boolean {
    return this.validateArgs ?? defaultValidateArgs;
  }

  /** @internal */
  lacks(what: string): NotImplementedError {
    return new NotImplementedError(`${this.constructor.name} has no ${what}`);
  }

  /** A value as a tensor. @internal */
  asValue(value: Operand): Tensor {
    return value instanceof Tensor ? value : numberLike(value, this.anchor);
  }

  /** A value as a tensor, inside the support. @internal */
  checked(given: Operand): Tensor {
    const value = this.asValue(given);
    if (this.validates) this.checkValue(value);
    return value;
  }

  /** @internal */
  checkValue(value: Tensor): void {
    checkValue(this, value);
  }

  /** Throws unless all of what `check` gives of a value is true. @internal */
  require(value: Tensor, check: (x: Tensor) => Tensor, message: () => string): void {
    requireAll(this, value, check, message);
  }
}
showAs(Distribution.prototype);
markClass(Distribution.prototype, "Distribution", COPY);
