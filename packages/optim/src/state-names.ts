/**
 * PyTorch's names for what optimizers and schedulers write into state dicts. The library's own entries carry them, so that a
 * state dict loads on either side; a field of a user's class keeps its name.
 *
 * @module
 */
import { quote, ValueError } from "@flambeau/backend";

/** Those that are a field's name in snake_case. */
const snakeCased = [
  ...["weightDecay", "lrDecay", "initialAccumulatorValue", "momentumDecay"],
  ...["initialLr", "maxLr", "minLr", "baseMomentum", "maxMomentum", "paramNames"],
  ...["momentumBuffer", "expAvg", "expAvgSq", "maxExpAvgSq", "expInf"],
  ...["squareAvg", "gradAvg", "accDelta", "muProduct", "paramGroups"],
  ...["decoupledWeightDecay", "stepSizes", "swaLr", "annealEpochs"],
  ...["maxIter", "maxEval", "toleranceGrad", "toleranceChange", "historySize", "lineSearchFn"],
  ...["funcEvals", "nIter", "oldDirs", "oldStps", "prevFlatGrad", "prevLoss"],
  ...["beta2Decay", "rowVar", "colVar", "nsCoefficients", "nsSteps", "adjustLrFn"],
  ...["maxLrs", "totalSize", "stepRatio", "scaleMode", "baseMomentums", "maxMomentums"],
  ...["baseLrs", "lastEpoch", "stepSize", "totalIters", "startFactor", "endFactor", "etaMin"],
  ...[
    "totalSteps",
    "cycleMomentum",
    "thresholdMode",
    "minLrs",
    "numBadEpochs",
    "cooldownCounter",
    "lrLambdas",
  ],
];

const keys: ReadonlyMap<string, string> = new Map([
  ...snakeCased.map((name) => [name, snakeCase(name)] as const),
  ...Object.entries({
    stepCount: "_step_count",
    lastLr: "_last_lr",
    annealStrategy: "_anneal_func_type",
    tMax: "T_max",
    tMult: "T_mult",
    tI: "T_i",
    tCur: "T_cur",
    hDiag: "H_diag",
  }),
]);
const names: ReadonlyMap<string, string> = new Map([...keys].map(([name, key]) => [key, name]));

/** The length of a schedule's first stretch; an optimizer's `t0` is a `t0` in PyTorch too. */
const T0 = ["t0", "T_0"] as const;

/** A camelCase name in snake_case. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The key of a schedule's field. */
export function scheduleKeyOf(name: string): string {
  return name === T0[0] ? T0[1] : keyOf(name);
}

/** The schedule's field of a key. */
export function scheduleNameOf(key: string): string {
  return key === T0[1] ? T0[0] : nameOf(key);
}

/** The key of a field in a state dict. */
export function keyOf(name: string): string {
  return keys.get(name) ?? name;
}

/** The field of a key in a state dict. */
export function nameOf(key: string): string {
  return names.get(key) ?? key;
}

/**
 * Refuses keys that are the library's names of fields.
 *
 * @throws ValueError that says how the key is written.
 */
export function checkKeys(what: string, dict: object, ofSchedule = false): void {
  for (const name of Object.keys(dict)) {
    const key = ofSchedule && name === T0[0] ? T0[1] : keys.get(name);
    if (key !== undefined) throw new ValueError(`${what}: ${quote(name)} is written ${key} in a state dict`);
  }
}

/** The entries of an object under other keys. */
export function renamed(entries: object, rename: (key: string) => string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entries).map(([key, value]) => [rename(key), value]));
}

/**
 * The error of an entry of a parameter's state.
 *
 * @param known - the names of the tensors that the optimizer `kind` keeps.
 */
export function wrongEntry(
  what: string,
  kind: string,
  known: readonly string[],
  key: string,
  value: unknown,
): ValueError {
  if (known.includes(key)) return new ValueError(`${what} is a tensor; got ${quote(value)}`);
  const kept = known.length === 0 ? "it keeps none" : `it keeps ${known.map(keyOf).join(", ")}`;
  return new ValueError(`${what} is no tensor that ${kind} keeps for a parameter; ${kept}`);
}
