/**
 * Rules of ops that only layers of `nn` run. A layer's function teaches autograd its ops when it is called: a page whose
 * program has no such layer then loads neither the rules nor the ops that they are made of.
 *
 * @module
 */
import { attentionRule } from "./attention.ts";
import { recurrentRules } from "./recurrent.ts";
import { standardizeRule } from "./standardize.ts";
import { type LayerOp, type Rules, structuralRules } from "./structural.ts";
import { windowRules } from "./windows.ts";

function learn(rules: Partial<Rules<LayerOp>>): void {
  Object.assign(structuralRules, rules);
}

/**
 * To be called before windows, convolutions or pooling are recorded.
 *
 * @internal
 */
export function learnWindows(): void {
  if (structuralRules.unfold === undefined) learn(windowRules);
}

/**
 * To be called before a standardization is recorded.
 *
 * @internal
 */
export function learnStandardization(): void {
  if (structuralRules.standardize === undefined) learn({ standardize: standardizeRule });
}

/**
 * To be called before a recurrent layer is recorded.
 *
 * @internal
 */
export function learnRecurrence(): void {
  if (structuralRules.lstm === undefined) learn(recurrentRules);
}

/**
 * To be called before attention is recorded.
 *
 * @internal
 */
export function learnAttention(): void {
  if (structuralRules.attention === undefined) learn({ attention: attentionRule });
}
