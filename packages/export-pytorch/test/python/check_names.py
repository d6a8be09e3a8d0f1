"""Looks up in PyTorch what Flambeau's callables and modules are called there.

Usage: check_names.py FILE, which write-names.ts has written.
"""
import ast
import inspect
import json
import os
import sys

import torch
import torch.masked
import torch.nn.functional as F
from torch import nn

# What torch prints otherwise, or only later versions have.
PRINTED = ("ELU(", "Hardtanh(", "AdaptiveMaxPool2d(", "Parameter", "ZeroPad", "CrossMap")
GIVEN = {"dtype", "device", "requires_grad", "generator", "other", "a", "kwargs"}
# Arguments that are written by position, or refused.
APART = {"from", "to", "tol", "rcond", "y", "z", "w", "padding_side", "is_causal", "scale"}


def signatures(path, name=None):
    tree = ast.parse(open(path).read())
    body = tree.body
    if name is not None:
        body = [n for n in ast.walk(tree) if getattr(n, "name", None) == name][0].body
    found = {}
    for node in body:
        if isinstance(node, ast.FunctionDef):
            args = node.args.args + node.args.kwonlyargs
            found.setdefault(node.name, []).append({arg.arg for arg in args})
    return found


FOLDER = os.path.join(os.path.dirname(torch.__file__), "_C")
FUNCTIONS = signatures(os.path.join(FOLDER, "_VariableFunctions.pyi"))
METHODS = signatures(os.path.join(FOLDER, "__init__.pyi"), "_TensorBase")


def parameters(target):
    """The sets of names that a callable takes, or None where nothing says so."""
    name = target["name"]
    if target["kind"] == "method":
        value, known = getattr(torch.Tensor, name), METHODS.get(name)
    else:
        value = eval(name)
        known = FUNCTIONS.get(name[6:]) if name.startswith("torch.") else None
    if known is not None:
        return known
    try:
        names = set(inspect.signature(value).parameters)
        return None if names == {"args", "kwargs"} else [names]
    except ValueError:
        doc = (value.__doc__ or "").strip().split("\n")[0]
        for sign in "()=,*[]":
            doc = doc.replace(sign, " ")
        return [set(doc.split())] if doc else None


def main():
    data = json.load(open(sys.argv[1]))
    failures = []
    for entry in data["names"]:
        target = entry["target"]
        if target is None or target["name"] in ("F.rms_norm", "F.scaled_dot_product_attention"):
            continue
        try:
            known = parameters(target)
        except AttributeError as error:
            failures.append(f"{entry['signature']}: {error}")
            continue
        wanted = [p for p in entry["params"] if p not in GIVEN | APART]
        if known is not None and not any(set(wanted) <= names for names in known):
            failures.append(f"{entry['signature']}: {target['name']} takes {known}")
    for entry in data["constructors"]:
        source = entry["source"]
        if source.startswith("_"):
            continue
        module = eval(source)
        if not any(part in entry["text"] for part in PRINTED) and repr(module) != entry["text"]:
            failures.append(f"{source} is {module!r}, not {entry['text']}")
        if list(module.state_dict()) != entry["keys"]:
            failures.append(f"{source} has {list(module.state_dict())}")
    print("\n".join(failures))
    print(f"{len(data['names'])} names, {len(data['constructors'])} constructors, {len(failures)} failures")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    assert F and nn
    main()
