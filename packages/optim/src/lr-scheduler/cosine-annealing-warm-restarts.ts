import { quote, ValueError } from "@flambeau/backend";
import { type Args, bind } from "@flambeau/tensor";
import { LRScheduler, type OptimizerArgument } from "./scheduler.ts";

const SIGNATURE = "CosineAnnealingWarmRestarts(optimizer, t0: int, tMult = 1, etaMin = 0, lastEpoch = -1)";

/**
 * Takes the learning rate along half a cosine down to `etaMin` in `t0` epochs, then begins anew from the top, each time for
 * `tMult` times as long.
 *
 * Source: Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts" (2017).
 *
 * @throws ValueError when `t0` or `tMult` is no positive integer.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const optimizer = new optim.SGD([tensor([1], { requiresGrad: true })], { lr: 0.1 });
 * const scheduler = new optim.lrScheduler.CosineAnnealingWarmRestarts(optimizer, 2, { tMult: 2 });
 * const rates: string[] = [];
 * for (let epoch = 0; epoch < 7; epoch++) {
 *   rates.push(optimizer.paramGroups[0].lr.toFixed(3));
 *   optimizer.step();
 *   scheduler.step();
 * }
 * console.log(rates.join(" "));
 * // 0.100 0.050 0.100 0.085 0.050 0.015 0.100
 * ```
 */
export class CosineAnnealingWarmRestarts extends LRScheduler {
  /** How many epochs the first stretch has. */
  t0: number;
  /** How many times as long each stretch is as the one before. */
  tMult: number;
  /** The smallest learning rate. */
  etaMin: number;
  /** How many epochs the present stretch has. */
  tI: number;
  /** How many of them are over. */
  tCur: number;

  constructor(...args: Args<typeof SIGNATURE, OptimizerArgument>) {
    const { optimizer, t0, tMult, etaMin, lastEpoch } = bind<typeof SIGNATURE, OptimizerArgument>(
      SIGNATURE,
      args,
    );
    super(optimizer, lastEpoch);
    for (const [name, value] of Object.entries({ t0, tMult })) {
      if (!Number.isInteger(value) || value < 1)
        throw new ValueError(
          `CosineAnnealingWarmRestarts: ${name} is an integer from 1; got ${quote(value)}`,
        );
    }
    this.t0 = t0;
    this.tMult = tMult;
    this.etaMin = etaMin;
    this.tI = t0;
    this.tCur = this.lastEpoch;
    this.start();
  }

  /**
   * Goes on to the next epoch, or to any: within one, after each batch, to `epoch + batch / batches`.
   *
   * @throws ValueError when the epoch is below 0.
   */
  override step(epoch?: number): void {
    const to = epoch ?? (this.lastEpoch < 0 ? 0 : null);
    if (to === null) {
      this.tCur++;
      if (this.tCur >= this.tI) {
        this.tCur -= this.tI;
        this.tI *= this.tMult;
      }
      this.lastEpoch++;
    } else {
      if (!(to >= 0))
        throw new ValueError(`CosineAnnealingWarmRestarts: an epoch is not below 0; got ${quote(to)}`);
      this.tI = this.t0;
      for (this.tCur = to; this.tCur >= this.tI; this.tI *= this.tMult) this.tCur -= this.tI;
      this.lastEpoch = Math.floor(to);
    }
    this.setRates();
  }

  protected override getLr(): number[] {
    const { etaMin, tCur, tI } = this;
    const height = (1 + Math.cos((Math.PI * tCur) / tI)) / 2;
    return this.baseLrs.map((lr) => etaMin + (lr - etaMin) * height);
  }
}
