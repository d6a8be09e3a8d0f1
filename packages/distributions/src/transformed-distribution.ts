import { type Shape, sameShape, ValueError } from "@flambeau/backend";
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { sumRightmost } from "./broadcast.ts";
import * as constraints from "./constraints/index.ts";
import { type ArgConstraints, Distribution, type Parameters } from "./distribution.ts";
import { type BaseTypes, checkDistribution, Independent } from "./independent.ts";
import { ComposeTransform } from "./transforms/compose.ts";
import { monotone, signOf, Transform } from "./transforms/transform.ts";
import { checkParameters } from "./validation.ts";

/** What the signature takes. */
export interface TransformedTypes extends BaseTypes {
  /** What is applied to samples, in this order. */
  readonly transforms: Transform | readonly Transform[];
}

const TRANSFORMED = "TransformedDistribution(baseDistribution: any, transforms: any, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = {};

interface Shapes {
  readonly base: Distribution;
  readonly batchShape: Shape;
  readonly eventShape: Shape;
}

/** The base as the transforms need it, and the shapes of what comes out. */
function shapesOf(base: Distribution, transforms: readonly Transform[]): Shapes {
  const baseShape = [...base.batchShape, ...base.eventShape];
  const events = base.eventShape.length;
  const all = new ComposeTransform(transforms);
  const domainEvents = all.domain.eventDim;
  if (baseShape.length < domainEvents)
    throw new ValueError(
      `TransformedDistribution: the base has shape [${baseShape}], and the transforms take events of ${domainEvents} dimensions`,
    );
  const shape = all.forwardShape(baseShape);
  const needed = all.inverseShape(shape);
  let given = base;
  if (!sameShape(needed, baseShape)) given = given.expand(needed.slice(0, needed.length - events));
  if (domainEvents > events) given = new Independent(given, domainEvents - events);
  const cut = shape.length - all.codomain.eventDim - Math.max(events - domainEvents, 0);
  return { base: given, batchShape: shape.slice(0, cut), eventShape: shape.slice(cut) };
}

/**
 * The distribution of a function, or of several one after the other, of samples of another distribution.
 *
 * @throws ValueError when something is no transform, or the base has too few dimensions for one.
 *
 * @example
 * ```ts
 * import { distributions } from "flambeau";
 *
 * const { ExpTransform, Normal, TransformedDistribution } = distributions;
 * const logNormal = new TransformedDistribution(new Normal(0, 1), [new ExpTransform()]);
 * console.log(String(logNormal.logProb(2)), String(logNormal.cdf(2)));
 * // tensor(-1.8523) tensor(0.7559)
 * ```
 */
export class TransformedDistribution extends Distribution {
  /** The distribution of the samples before. */
  readonly baseDist: Distribution;
  /** What is applied to them, in this order. */
  readonly transforms: readonly Transform[];

  constructor(...args: Args<typeof TRANSFORMED, TransformedTypes>) {
    const {
      baseDistribution,
      transforms: given,
      validateArgs,
    } = bind<typeof TRANSFORMED, TransformedTypes>(TRANSFORMED, args);
    checkDistribution("TransformedDistribution: baseDistribution", baseDistribution);
    const transforms = given instanceof Transform ? [given] : given;
    const { base, batchShape, eventShape } = shapesOf(baseDistribution, transforms);
    super(batchShape, eventShape, {}, validateArgs);
    this.baseDist = base;
    this.transforms = transforms;
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    const last = this.transforms[this.transforms.length - 1];
    if (last === undefined) return this.baseDist.support;
    const { codomain } = last;
    const more = this.eventShape.length - codomain.eventDim;
    return more > 0 ? constraints.independent(codomain, more) : codomain;
  }
  override get hasRsample(): boolean {
    return this.baseDist.hasRsample;
  }

  /** Sets what a subclass was given by name, and checks it. @internal */
  given(params: Parameters): void {
    Object.assign(this, { params });
    if (this.validates) checkParameters(this);
  }

  override sampled(shape: Shape): Tensor {
    return this.transforms.reduce((x, transform) => transform.call(x), this.baseDist.sample(shape));
  }
  override rsampled(shape: Shape): Tensor {
    return this.transforms.reduce((x, transform) => transform.call(x), this.baseDist.rsample(shape));
  }
  override logProbOf(value: Tensor): Tensor {
    let events = this.eventShape.length;
    let y = value;
    let stretched: Tensor | null = null;
    for (const transform of [...this.transforms].reverse()) {
      const x = transform.inv.call(y);
      events += transform.domain.eventDim - transform.codomain.eventDim;
      const jacobian = transform.logAbsDetJacobian(x, y);
      const term = sumRightmost(jacobian, events - transform.domain.eventDim);
      stretched = stretched === null ? term.neg() : stretched.sub(term);
      y = x;
    }
    const base = sumRightmost(this.baseDist.logProb(y), events - this.baseDist.eventShape.length);
    return stretched === null ? base : stretched.add(base);
  }
  override cdfOf(value: Tensor): Tensor {
    const x = this.transforms.reduceRight((y, transform) => transform.inv.call(y), value);
    return monotone(this.baseDist.cdf(x), signOf(this.transforms));
  }
  override icdfOf(value: Tensor): Tensor {
    const x = this.baseDist.icdf(monotone(value, signOf(this.transforms)));
    return this.transforms.reduce((y, transform) => transform.call(y), x);
  }
  override expanded(batchShape: Shape): this {
    let shape: Shape = [...batchShape, ...this.eventShape];
    for (const transform of [...this.transforms].reverse()) shape = transform.inverseShape(shape);
    const base = this.baseDist.expand(shape.slice(0, shape.length - this.baseDist.eventShape.length));
    const { params } = super.expanded(batchShape);
    return this.with({ batchShape, baseDist: base, params } as Partial<this>);
  }
  override get anchor(): Tensor | undefined {
    return this.baseDist.anchor;
  }
}
