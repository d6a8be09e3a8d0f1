"""Runs every operation that write-operations.ts has written in PyTorch.

Usage: check_operations.py FOLDER.
"""
import importlib.util
import inspect
import os
import sys

import torch


def load(path):
    spec = importlib.util.spec_from_file_location("operations", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tensors_in(value):
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, (list, tuple)):
        return [x for part in value for x in tensors_in(part)]
    if isinstance(value, dict):
        return tensors_in(list(value.values()))
    return []


def same(a, b):
    if a.shape != b.shape or a.dtype != b.dtype:
        return f"{a.dtype} {list(a.shape)}, not {b.dtype} {list(b.shape)}"
    if a.dtype.is_floating_point:
        a, b = a.double(), b.double()
        if torch.allclose(a, b, rtol=1e-4, atol=1e-5, equal_nan=True):
            return None
    elif torch.equal(a, b):
        return None
    return "other elements"


def main():
    folder = sys.argv[1]
    module = load(os.path.join(folder, "operations.py"))
    failures = 0
    cases = torch.load(os.path.join(folder, "operations.pt"))["cases"]
    for i, case in enumerate(cases):
        function = getattr(module, f"case_{i}")
        torch.manual_seed(3)
        try:
            outputs = tensors_in(function(*[x.clone() for x in case["inputs"]]))
            wanted = case["outputs"]
            problems = [same(a, b) for a, b in zip(outputs, wanted)]
            problem = next((p for p in problems if p), None)
            if len(outputs) != len(wanted):
                problem = f"{len(outputs)} results, not {len(wanted)}"
        except Exception as error:
            problem = f"{type(error).__name__}: {str(error).splitlines()[0]}"
        if problem:
            failures += 1
            body = inspect.getsource(function).split("\n", 1)[1].strip()
            print(f"{case['name']}: {problem}\n    {body}")
    print(f"{len(cases)} operations, {failures} failures")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
