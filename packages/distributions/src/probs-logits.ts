import { ValueError } from "@flambeau/backend";
import { type Operand, softmax, type Tensor } from "@flambeau/tensor";
import { limitsOf } from "./float-limits.ts";

/** Probabilities away from 0 and 1 by the distance of 1 from its neighbours. */
export function clampProbs(probs: Tensor): Tensor {
  const { eps } = limitsOf(probs.dtype);
  return probs.clamp(eps, 1 - eps);
}

/** Log-odds of probabilities. */
export function binaryLogits(probs: Tensor): Tensor {
  const inside = clampProbs(probs);
  return inside.log().sub(inside.neg().log1p());
}

/** Logarithms of the probabilities of classes. */
export function categoricalLogits(probs: Tensor): Tensor {
  return clampProbs(probs).log();
}

/** Probabilities of classes along the last dimension. */
export function categoricalProbs(logits: Tensor): Tensor {
  return softmax(logits, -1);
}

/**
 * The one of two parameters that was given.
 *
 * @throws ValueError unless it is exactly one.
 */
export function either<P extends Operand>(
  what: string,
  probs: P | null | undefined,
  logits: P | null | undefined,
): { readonly name: "probs" | "logits"; readonly value: P } {
  if ((probs == null) === (logits == null))
    throw new ValueError(`${what}: either probs or logits must be specified, but not both`);
  return probs == null ? { name: "logits", value: logits as P } : { name: "probs", value: probs };
}

/** As `either`, of classes along the last dimension. */
export function eitherOfClasses(
  what: string,
  probs: Tensor | null | undefined,
  logits: Tensor | null | undefined,
): { readonly name: "probs" | "logits"; readonly value: Tensor } {
  const given = either(what, probs, logits);
  if (given.value.ndim < 1) throw new ValueError(`${what}: ${given.name} must be at least one-dimensional`);
  return given;
}
