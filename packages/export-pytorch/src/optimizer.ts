/** Optimizers: the constructor in Python, and a second one here that goes on from the same state. */
import { ArgumentError, quote, ValueError } from "@flambeau/backend";
import type { Module } from "@flambeau/nn";
import * as optim from "@flambeau/optim";
import { type Tensor, tensor } from "@flambeau/tensor";
import { call, list, literal, named, type PyArg, type PyCall, plain, pyText, snakeCase } from "./literal.ts";

/** The first PyTorch that has an optimizer, or one of its options. */
const SINCE: Readonly<Record<string, string>> = { Adafactor: "2.5", Muon: "2.9" };
const CLASSES: readonly OptimizerClass[] = [
  ...[optim.SGD, optim.Adam, optim.AdamW, optim.RMSprop, optim.Adagrad, optim.Adadelta, optim.Adamax],
  ...[optim.NAdam, optim.RAdam, optim.ASGD, optim.Rprop, optim.Adafactor, optim.Muon],
] as unknown as OptimizerClass[];
/** What a group keeps beside the constructor's options. */
const KEPT: readonly string[] = [
  ...[
    "params",
    "paramNames",
    "name",
    "lr",
    "initialLr",
    "maxLr",
    "minLr",
    "swaLr",
    "maxMomentum",
    "baseMomentum",
  ],
];

type OptimizerClass = new (params: readonly unknown[], options: object) => optim.Optimizer;
type Group = Readonly<Record<string, unknown>> & { readonly params: readonly Tensor[] };

/**
 * Refuses an optimizer that PyTorch has not, or that trains something else than the model.
 *
 * @throws ArgumentError, ValueError
 */
export function checkOptimizer(model: Module, optimizer: optim.Optimizer): void {
  if (!(optimizer instanceof optim.Optimizer))
    throw new ArgumentError(`exportPyTorch: optimizer is an optimizer; got ${quote(optimizer)}`);
  const name = optimizer.constructor.name;
  if (!CLASSES.includes(optimizer.constructor as OptimizerClass)) {
    const why =
      optimizer instanceof optim.LBFGS
        ? "its steps evaluate the loss several times, which processes cannot average"
        : optimizer instanceof optim.SparseAdam
          ? "it takes sparse gradients, which the exported model does not have"
          : "PyTorch has it not";
    throw new ArgumentError(
      `exportPyTorch: no Python for the optimizer ${name}: ${why}; take ${CLASSES.map((c) => c.name).join(", ")}`,
    );
  }
  const known = new Set<Tensor>(model.parameters());
  for (const [i, { params }] of optimizer.paramGroups.entries()) {
    const at = params.findIndex((x) => !known.has(x));
    if (at >= 0)
      throw new ValueError(
        `exportPyTorch: parameter ${at} of the optimizer's group ${i} is none of the model's; it is of shape [${params[at].shape}]`,
      );
  }
}

/** The first PyTorch that has what is exported. */
export function torchOf(optimizer: optim.Optimizer): string {
  const isDecoupled = optimizer.paramGroups.some(
    (group) => "decoupledWeightDecay" in group && group.decoupledWeightDecay,
  );
  return SINCE[optimizer.constructor.name] ?? (isDecoupled ? "2.1" : "1.13");
}

/** Another optimizer of the same parameters. Its state is that of its making. */
export function sameOptimizer(optimizer: optim.Optimizer): optim.Optimizer {
  const Class = optimizer.constructor as OptimizerClass;
  const groups = optimizer.paramGroups.map(({ params }) => ({ params }));
  return new Class(groups, optionsOf(optimizer.paramGroups[0] as unknown as Group));
}

/** The options of a group as its constructor takes them: the learning rate is that from before the schedule. */
function optionsOf(group: Group): Record<string, unknown> {
  const options = Object.entries(group).filter(([key]) => !KEPT.includes(key));
  return { lr: group.initialLr ?? group.lr, ...Object.fromEntries(options) };
}

/**
 * Python's constructor, with the options that differ from its defaults.
 *
 * @param keys - Python's name of each parameter.
 * @param isInOrder - whether the parameters of the model in Python are those of the first group, in its order.
 * @param isCycled - whether a schedule sets the momentum, so that it is not the constructor's.
 */
export function pythonOptimizer(
  optimizer: optim.Optimizer,
  keys: ReadonlyMap<Tensor, string>,
  isInOrder: boolean,
  isCycled: boolean,
): PyCall {
  const written = optimizer.paramGroups as unknown as Group[];
  const [first, ...others] = isCycled ? written.map((group) => uncycled(group, optimizer)) : written;
  const Class = optimizer.constructor as OptimizerClass;
  const usual = new Class([tensor([0], { requiresGrad: true })], { lr: 1 }).defaults as unknown as Record<
    string,
    unknown
  >;
  const own = optionsOf(first);
  const options = Object.entries(own).flatMap(([key, value]): PyArg[] =>
    key === "lr" || !isSame(value, usual[key]) ? [named(snakeCase(key), literal(value))] : [],
  );
  const groups = [first, ...others].map((group): PyCall => {
    const names = list(group.params.map((x) => `parameters[${pyText(keys.get(x) as string)}]`));
    const entries = Object.entries(optionsOf(group)).filter(([key, value]) => !isSame(value, own[key]));
    const args = [
      ["params", names] as const,
      ...entries.map(([key, x]) => [snakeCase(key), literal(x)] as const),
    ];
    return {
      open: "{",
      args: args.map(([key, value]) => ({ label: `${pyText(key)}: `, value })),
      close: "}",
    };
  });
  const params =
    others.length > 0 ? list(groups) : isInOrder ? "model.parameters()" : groups[0].args[0].value;
  return call(`torch.optim.${Class.name}`, [plain(params), ...options]);
}

/** A group with the momentum that the optimizer was made with. */
function uncycled(group: Group, { defaults }: optim.Optimizer): Group {
  const own = Object.entries(defaults).filter(([key]) => key === "momentum" || key === "betas");
  return { ...group, ...Object.fromEntries(own) };
}

function isSame(a: unknown, b: unknown): boolean {
  return Array.isArray(a) && Array.isArray(b)
    ? a.length === b.length && a.every((x, i) => x === b[i])
    : a === b;
}
