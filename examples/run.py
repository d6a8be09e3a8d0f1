"""python3 examples/run.py NAME [--length N]: runs the twin of a program in PyTorch."""

import argparse
import importlib.util
import pathlib
import sys

import torch

here = pathlib.Path(__file__).parent


class Run:
    """What a program is run with; the same as shared/run.ts, without checkpoints and pictures."""

    def __init__(self, length=None, print=print):
        self.device = "cpu"
        self.losses = []
        self.print = print
        self._length = length

    def length(self, own):
        return own if self._length is None else self._length

    def loss(self, value):
        self.losses.append(float(value))


def program(name):
    """The module of a program."""
    folder = here / name
    sys.path.insert(0, str(folder))
    spec = importlib.util.spec_from_file_location(name.replace("-", "_"), folder / "main.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.path.remove(str(folder))
    return module


def run_program(name, run):
    program(name).main(run)
    # A program may change it.
    torch.set_default_dtype(torch.float32)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("--length", type=int)
    arguments = parser.parse_args()
    run = Run(arguments.length)
    run_program(arguments.name, run)
    run.print(f"last loss: {run.losses[-1]:.4f}")
