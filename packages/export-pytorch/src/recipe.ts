/** `recipe.py`: what is trained and how. */
import type { Tensor } from "@flambeau/tensor";
import { layOut, list, literal, pyText } from "./literal.ts";
import { pythonOptimizer } from "./optimizer.ts";
import type { Plan } from "./plan.ts";
import { isCycling, pythonSchedule, type Schedule } from "./schedule.ts";

/** What of the model the recipe names, by Python's keys. */
export interface Names {
  /** The key of each parameter. */
  readonly keys: ReadonlyMap<Tensor, string>;
  /** The keys in the order of the model in Python. */
  readonly order: readonly string[];
  /** The parameters that the first step gave no gradient. */
  readonly unused: readonly string[];
}

export function recipeOf(plan: Plan, columns: readonly string[], { keys, order, unused }: Names): string {
  const { optimizer, schedule, epochs, batchSize, dropLast, seed, inputs } = plan;
  const own = optimizer.paramGroups[0].params.map((x) => keys.get(x));
  const parameters = order.filter((key) => [...keys.values()].includes(key));
  const isInOrder = own.length === parameters.length && own.every((key, i) => key === parameters[i]);
  const isByName = optimizer.paramGroups.length > 1 || !isInOrder;
  const frozen = [...keys].filter(([x]) => !x.requiresGrad).map(([, key]) => key);
  const isUnused = unused.some((key) => !frozen.includes(key));
  const lines = [
    '"""What is trained and how, as it was exported."""',
    "from pathlib import Path",
    "",
    "import torch",
    ...importsOf(schedule),
    "",
    "from dataset import ShardDataset, read_safetensors",
    "from model import build_model, loss_fn",
    "",
    "HERE = Path(__file__).resolve().parent",
    `EPOCHS = ${epochs}`,
    `BATCH_SIZE = ${batchSize}`,
    `DROP_LAST = ${literal(dropLast)}`,
    `SEED = ${seed}`,
    "# The tensors of a row. The model takes the first INPUTS, the loss the others.",
    layOut("COLUMNS = ", list(columns.map(pyText))),
    `INPUTS = ${inputs.length}`,
    '# When the schedule goes on: after each "batch" or each "epoch".',
    `SCHEDULE_STEP = ${schedule === null ? "None" : pyText(plan.scheduleStep)}`,
    "# Whether there are parameters that the loss does not depend on.",
    `HAS_UNUSED_PARAMETERS = ${literal(isUnused)}`,
    ...(frozen.length === 0
      ? []
      : ["# The parameters that are not trained.", layOut("FROZEN = ", list(frozen.map(pyText)))]),
    '_, METADATA = read_safetensors(HERE / "weights.safetensors")',
    "",
    "",
    "def build_optimizer(model):",
    ...(isByName ? ["    parameters = dict(model.named_parameters())"] : []),
    layOut(
      "    return ",
      pythonOptimizer(optimizer, keys, isInOrder, schedule !== null && isCycling(schedule)),
    ),
    "",
    "",
    "def build_schedule(optimizer):",
    schedule === null ? "    return None" : layOut("    return ", pythonSchedule(schedule)),
    "",
    "",
    "def build_trained_model():",
    '    """Makes the model with the weights of the export."""',
    "    model = build_model()",
    '    model.load_state_dict(read_safetensors(HERE / "weights.safetensors")[0])',
    ...(frozen.length === 0
      ? []
      : ["    for name in FROZEN:", "        model.get_parameter(name).requires_grad_(False)"]),
    "    return model",
  ];
  return `${lines.join("\n")}\n${REST}`;
}

/** The modules of `torch.optim` that a schedule is from. */
function importsOf(schedule: Schedule | null): string[] {
  const text = schedule === null ? "" : layOut("", pythonSchedule(schedule));
  const used = ["lr_scheduler", "swa_utils"].filter((name) => text.includes(`${name}.`));
  return used.length === 0 ? [] : [`from torch.optim import ${used.join(", ")}`];
}

const REST = `

def load_start():
    """What training starts from beside the weights."""
    optimizer = torch.load(HERE / "optimizer.pt")
    rest = torch.load(HERE / "state.pt")
    return {"optimizer": optimizer, **rest}


def open_data(name):
    """The rows "train" or "evaluation", None where there are none."""
    data = ShardDataset(HERE / "data", name, COLUMNS)
    return data if data.shards else None


def batch_loss(model, batch):
    inputs = batch[:INPUTS]
    return loss_fn(model(*inputs), *(batch[INPUTS:] or inputs))
`;
