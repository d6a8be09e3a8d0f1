"""Trains several exported projects, one after the other, in the processes of one start.

Usage: fleet.py JOBS, a file with a list of {folder, name, how, args}. What is done is left out by a start that goes on. A job logs to NAME.jsonl and keeps
its checkpoint in NAME.pt, in its folder. Hows:

- train: as train.py does.
- eval: in eval mode: without dropout, and batch norm by its running statistics.
- halves: one process does what two would. Each draws random numbers and has batch statistics of its own.
- crash: as train, but the second process is killed once, after KILLED steps.
"""
import json
import os
import signal
import sys
from pathlib import Path

import torch
import torch.distributed as dist
from torch import nn

KILLED = 3
MODULES = ("train", "recipe", "model", "dataset", "processes", "checkpoint")
set_mode = nn.Module.train


def program_in(folder):
    """train.py of a folder, with its own recipe and model."""
    for name in MODULES:
        sys.modules.pop(name, None)
    sys.path.insert(0, str(folder))
    try:
        import train
    finally:
        sys.path.pop(0)
    return train


def crash(train, path):
    run_step = train.Training.run_step

    def run_step_or_die(self, *args):
        if self.step == KILLED and dist.get_rank() == 1 and not path.exists():
            path.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        run_step(self, *args)

    train.Training.run_step = run_step_or_die


def take_halves(train, args):
    """Makes the loss of a batch the mean of its halves' losses: rows are dealt in turn."""
    seed = int(args[args.index("--seed") + 1])
    states = [torch.Generator().manual_seed(seed + rank).get_state() for rank in (0, 1)]
    batch_loss = train.recipe.batch_loss

    def halves_loss(model, batch):
        before = [x.clone() for x in model.buffers()]
        losses = []
        # The first process's buffers are the ones that stay.
        for rank in (1, 0):
            for x, value in zip(model.buffers(), before):
                x.data.copy_(value)
            torch.set_rng_state(states[rank])
            losses.append(batch_loss(model, [x[rank::2].contiguous() for x in batch]))
            states[rank] = torch.get_rng_state()
        return (losses[0] + losses[1]) / 2

    train.recipe.batch_loss = halves_loss


def run(job):
    folder, name, how, args = (job[key] for key in ("folder", "name", "how", "args"))
    here = Path(folder)
    train = program_in(here)
    # What parts of the program import stays for the next one otherwise.
    nn.Module.train = set_mode
    if how == "eval":
        nn.Module.train = lambda self, mode=True: set_mode(self, False)
    elif how == "halves":
        take_halves(train, args)
    elif how == "crash":
        crash(train, here / f"{name}.crashed")
    files = ["--checkpoint", str(here / f"{name}.pt"), "--log", str(here / f"{name}.jsonl")]
    train.main([*args, *files])


def main():
    is_one_of_many = "WORLD_SIZE" in os.environ
    if is_one_of_many:
        dist.init_process_group("gloo")
    for job in json.loads(Path(sys.argv[1]).read_text()):
        done = Path(job["folder"]) / f"{job['name']}.done"
        if done.exists():
            continue
        run(job)
        if is_one_of_many:
            dist.barrier()
        if not is_one_of_many or dist.get_rank() == 0:
            done.touch()
        if is_one_of_many:
            dist.barrier()
    if is_one_of_many:
        dist.destroy_process_group()


main()
