/** `parity.py`: the program that compares. */
export const parity: string = String.raw`"""Compares the first steps of training here with those that the export recorded.

python3 parity.py --tolerance 1e-5

The last column is how far a number went in the export when weights and gradients were
changed by rounding. Ten times as much is tolerated where that is more.
"""
import argparse
import json
import math
import sys

import torch
from torch import nn
from torch.optim.lr_scheduler import ReduceLROnPlateau

import recipe
from checkpoint import load_schedule


def batches(data, steps):
    """The first batches in order, from the front again after the last one."""
    size = recipe.BATCH_SIZE
    starts = range(0, len(data) - (size - 1 if recipe.DROP_LAST else 0), size)
    for step in range(steps):
        start = starts[step % len(starts)]
        rows = list(range(start, min(start + size, len(data))))
        yield data[rows], len(rows), (step + 1) % len(starts) == 0


def set_mode(model, mode):
    """Train, or where streams of random numbers may differ, eval but for batch norm."""
    model.train(mode == "train")
    for module in model.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            module.train()


def norms(tensors):
    return {name: x.detach().double().norm().item() for name, x in tensors}


def run(expected):
    """The same steps: losses, learning rates, norms of gradients and of parameters."""
    model = recipe.build_trained_model()
    optimizer = recipe.build_optimizer(model)
    schedule = recipe.build_schedule(optimizer)
    start = recipe.load_start()
    optimizer.load_state_dict(start["optimizer"])
    if schedule is not None:
        load_schedule(schedule, start["scheduler"])
    set_mode(model, expected["mode"])
    torch.set_rng_state(start["random"])
    losses, rates, gradients = [], [], {}
    total, count = 0.0, 0
    data = recipe.open_data("train")
    for batch, rows, is_last in batches(data, len(expected["losses"])):
        optimizer.zero_grad()
        loss = recipe.batch_loss(model, batch)
        loss.backward()
        parameters = list(model.named_parameters())
        if not losses:
            used = [(name, p.grad) for name, p in parameters if p.grad is not None]
            gradients = norms(used)
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        losses.append(loss.item())
        total, count = total + loss.item() * rows, count + rows
        if schedule is None:
            continue
        if recipe.SCHEDULE_STEP == "batch":
            schedule.step()
        elif is_last and isinstance(schedule, ReduceLROnPlateau):
            schedule.step(total / count)
        elif is_last:
            schedule.step()
        if is_last:
            total, count = 0.0, 0
    return {
        "losses": losses,
        "rates": rates,
        "gradients": gradients,
        "parameters": norms(model.named_parameters()),
    }


def compare(expected, found):
    """Rows of name, expected and found number, relative difference, and rounding."""
    table = []

    def add(name, a, b, spread):
        difference = 0.0 if a == b else abs(a - b) / max(abs(a), 1e-12)
        table.append((name, a, b, difference, spread))

    spreads = expected["spread"]
    for step, (a, b) in enumerate(zip(expected["losses"], found["losses"])):
        add(f"loss of step {step + 1}", a, b, spreads["losses"][step])
    for step, (a, b) in enumerate(zip(expected["rates"], found["rates"])):
        add(f"learning rate of step {step + 1}", a, b, 0.0)
    for kind, title in (("gradients", "gradient"), ("parameters", "parameter")):
        for name, a in expected[kind].items():
            b = found[kind].get(name, math.nan)
            add(f"{title} {name}", a, b, spreads[kind][name])
    return table


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--tolerance", type=float, default=1e-5, help="%(default)s")
    args = parser.parse_args()
    expected = json.loads((recipe.HERE / "parity.json").read_text())
    table = compare(expected, run(expected))
    width = max(len(name) for name, *_ in table)
    print(f"{'':{width}}  {'exported':>14}  {'here':>14}  difference  rounding")
    wrong = 0
    for name, a, b, difference, spread in table:
        # What rounding moves by itself, as a bias before batch norm, may go far.
        is_wrong = not difference <= max(args.tolerance, 10 * spread)
        wrong += is_wrong
        mark = "  <- above the tolerance" if is_wrong else ""
        print(f"{name:{width}}  {a:14.8g}  {b:14.8g}  {difference:10.1e}", end="")
        print(f"  {spread:8.1e}{mark}")
    print(f"{len(table)} numbers, {wrong} differ by more than {args.tolerance:g}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
`;
