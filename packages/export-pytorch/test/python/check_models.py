"""Runs each emitted model.py in PyTorch against what Flambeau computed of it.

Usage: check_models.py FOLDER, which write-models.ts has written.
"""
import importlib.util
import os
import subprocess
import sys

import torch


# Of a loss: sums of float32 are another one in each library.
TOLERANCE = 2e-6


def load(path):
    spec = importlib.util.spec_from_file_location("model", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tensors_in(value):
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, dict):
        value = value.values()
    return [x for part in value for x in tensors_in(part)]


def difference(a, b):
    if a.shape != b.shape:
        return float("inf")
    if a.numel() == 0:
        return 0.0
    a, b = a.double(), b.double()
    return ((a - b).abs() / b.abs().clamp(min=1)).max().item()


def check_mode(module, expected, mode):
    torch.manual_seed(0)
    model = module.build_model()
    model.load_state_dict(expected["weights"])
    model.train(mode == "train")
    batch = expected["batch"]
    rest = batch["inputs"] if batch["rest"] is None else batch["rest"]
    torch.manual_seed(7)
    output = model(*batch["inputs"])
    loss = module.loss_fn(output, *rest)
    if loss.requires_grad:
        loss.backward()
    given = expected[mode]
    outputs = tensors_in(output)
    assert len(outputs) == len(given["outputs"])
    forward = max(difference(a, b) for a, b in zip(outputs, given["outputs"]))
    own = {name: p.grad for name, p in model.named_parameters() if p.grad is not None}
    grads = {name: g for name, g in given["grads"].items()}
    names = set(own) ^ set(grads)
    gradient = max([difference(own[name], grads[name]) for name in own] + [0.0])
    return forward, difference(loss, given["loss"]), gradient, names


def main():
    folder = sys.argv[1]
    failed = False
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name, "model.py")
        try:
            module = load(path)
            expected = torch.load(os.path.join(folder, name, "expected.pt"))
            line = [name]
            for mode in ("eval", "train"):
                forward, loss, gradient, names = check_mode(module, expected, mode)
                is_bad = forward > 1e-5 or loss > TOLERANCE or gradient > 1e-4 or names
                failed = failed or bool(is_bad)
                line.append(
                    f"{mode}: forward {forward:.1e} loss {loss:.1e} "
                    f"gradient {gradient:.1e}{' BAD' if is_bad else ''} "
                    f"{sorted(names) if names else ''}"
                )
            print(" | ".join(line))
        except Exception as error:
            failed = True
            print(f"{name}: {type(error).__name__}: {error}")
    files = [os.path.join(folder, name, "model.py") for name in os.listdir(folder)]
    for tool in (["black", "--check", "--diff", "-q", "-l", "88"], ["flake8", "--max-line-length", "88"]):
        done = subprocess.run(["/usr/bin/python3", "-m", *tool, *files], capture_output=True, text=True)
        if done.returncode != 0:
            failed = True
            print(" ".join(tool), done.stdout[:4000], done.stderr[:2000])
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
