"""Reads the files of a folder with PyTorch and NumPy, and compares them with what cases.json says they hold (see main.ts)."""

import json
import pathlib
import pickletools
import struct
import sys
import traceback
import zipfile

import numpy as np
import torch

try:
    import safetensors.torch
except ImportError:
    safetensors = None

# What torch.load takes with weights_only=True since 2.0. Source: PyTorch's torch/_weights_only_unpickler.py.
OPCODES = set("""APPEND APPENDS BINFLOAT BINGET BININT BININT1 BININT2 BINPERSID BINPUT BINUNICODE BUILD EMPTY_DICT EMPTY_LIST EMPTY_SET
EMPTY_TUPLE GLOBAL LONG1 LONG_BINGET LONG_BINPUT MARK NEWFALSE NEWOBJ NEWTRUE NONE PROTO REDUCE SETITEM SETITEMS SHORT_BINSTRING STOP
TUPLE TUPLE1 TUPLE2 TUPLE3""".split())
GLOBALS = {"collections OrderedDict", "torch._utils _rebuild_tensor_v2", "torch._utils _rebuild_parameter", "_codecs encode", "__builtin__ set",
           *(f"torch {name}Storage" for name in ("Bool", "Byte", "Int", "Long", "Half", "Float", "Double"))}


def expect(holds, message):
    if not holds:
        raise AssertionError(message)


def same(x, expected, path="value", storages=None):
    storages = {} if storages is None else storages
    if expected is None or isinstance(expected, (bool, str)):
        return expect(type(x) is type(expected) and x == expected, f"{path}: {x!r}, not {expected!r}")
    (kind, content), = expected.items()
    if kind == "i":
        return expect(type(x) is int and x == int(content), f"{path}: {x!r}, not the integer {content}")
    if kind == "f":
        return expect(type(x) is float and struct.pack("<d", x).hex() == content, f"{path}: {x!r}, not the float of bits {content}")
    if kind == "b":
        return expect(type(x) is bytes and x.hex() == content, f"{path}: {x!r}")
    if kind in "lt":
        expect(type(x) is (list if kind == "l" else tuple) and len(x) == len(content), f"{path}: {x!r}")
        return [same(a, b, f"{path}[{i}]", storages) for i, (a, b) in enumerate(zip(x, content))]
    if kind == "s":
        return expect(type(x) is set and x == {int(e["i"]) if isinstance(e, dict) else e for e in content}, f"{path}: {x!r}")
    if kind == "d":
        expect(type(x) is dict and len(x) == len(content), f"{path}: {x!r}")
        for (key, value), (wanted, item) in zip(x.items(), content):
            same(key, wanted, f"{path} (a key)", storages)
            same(value, item, f"{path}[{key!r}]", storages)
        return None
    return tensor(x, content, path, storages)


def tensor(x, expected, path, storages):
    expect(isinstance(x, torch.nn.Parameter if expected["parameter"] else torch.Tensor), f"{path}: {type(x)}")
    found = {"dtype": str(x.dtype).replace("torch.", ""), "shape": list(x.shape), "strides": list(x.stride()), "offset": x.storage_offset(),
             "data": x.detach().contiguous().numpy().tobytes().hex(), "grad": x.requires_grad}
    for name, value in found.items():
        expect(value == expected[name], f"{path}: {name} is {value}, not {expected[name]}")
    if x.storage().size() > 0:
        pointer = storages.setdefault(expected["storage"], x.storage().data_ptr())
        expect(pointer == x.storage().data_ptr(), f"{path} does not share its memory")


def weights_only(path):
    """Whether a PyTorch after 1.13 would read it with weights_only=True."""
    with zipfile.ZipFile(path) as archive:
        expect(archive.testzip() is None, "a checksum is wrong")
        for opcode, argument, _ in pickletools.genops(archive.read("archive/data.pkl")):
            expect(opcode.name in OPCODES, f"opcode {opcode.name}")
            expect(opcode.name != "GLOBAL" or argument in GLOBALS, f"global {argument}")


def train(path, expected):
    saved = torch.load(path)
    params = [saved["model"][f"p{i}"].clone().requires_grad_() for i in range(2)]
    optimizer = getattr(torch.optim, saved["name"])(params, lr=0.5)
    optimizer.load_state_dict(saved["optimizer"])
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, [99])
    schedule.load_state_dict(saved["schedule"])
    # MultiStepLR sets the rate when it is made.
    optimizer.load_state_dict(saved["optimizer"])
    for _ in range(saved["steps"]):
        optimizer.zero_grad()
        for p in params:
            (((p - 0.5) ** 2).sum() + (p ** 4).sum() / 8).backward()
        optimizer.step()
        schedule.step()
    for p, wanted in zip(params, expected):
        values = np.frombuffer(bytes.fromhex(wanted["T"]["data"]))
        # NAdam's product of momentums is a float32 in the file.
        np.testing.assert_allclose(p.detach().numpy().reshape(-1), values, rtol=1e-11, atol=0)


def go_on(path, expected):
    """A checkpoint with its model, optimizer, schedule and generator, each of which goes on here."""
    saved = torch.load(path)
    expect(list(saved) == ["epoch", "model", "optimizer", "scheduler", "generator", "extra"], str(list(saved)))
    expect(saved["epoch"] == 2 and saved["extra"] == {"loss": 0.5}, str(saved["extra"]))
    model = torch.nn.Linear(3, 2)
    optimizer = torch.optim.Adam(model.parameters())
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 99)
    model.load_state_dict(saved["model"])
    scheduler.load_state_dict(saved["scheduler"])
    optimizer.load_state_dict(saved["optimizer"])
    generator = torch.Generator()
    generator.set_state(saved["generator"])
    for _ in range(2):
        x = torch.randn(4, 3, generator=generator)
        optimizer.zero_grad()
        model(x).square().mean().backward()
        optimizer.step()
        scheduler.step()
    for p, wanted in zip(model.parameters(), expected):
        values = np.frombuffer(bytes.fromhex(wanted["T"]["data"]), np.float32)
        np.testing.assert_allclose(p.detach().numpy().reshape(-1), values, rtol=1e-5, atol=1e-7)


def check(path, kind, expected):
    if kind == "training":
        weights_only(path)
        train(path, expected)
    elif kind == "checkpoint":
        weights_only(path)
        go_on(path, expected)
    elif kind == "object":
        weights_only(path)
        same(torch.load(path), expected)
    elif kind == "weights":
        weights_only(path)
        found = torch.load(path, weights_only=True)
        expect(list(found) == [name for name, _ in expected], str(list(found)))
        for name, wanted in expected:
            same(found[name], wanted, name)
    elif kind == "npz":
        with np.load(path) as found:
            arrays(dict(found), expected)
    elif safetensors is None:
        return False
    else:
        arrays({name: x.numpy() for name, x in safetensors.torch.load_file(path).items()}, expected)
    return True


def arrays(found, expected):
    expect(sorted(found) == sorted(name for name, _ in expected), str(sorted(found)))
    for name, wanted in expected:
        x, wanted = found[name], wanted["T"]
        expect(str(x.dtype) == wanted["dtype"] and list(x.shape) == wanted["shape"], f"{name}: {x.dtype} {x.shape}")
        expect(np.ascontiguousarray(x).tobytes().hex() == wanted["data"], name)


folder = pathlib.Path(sys.argv[1])
failed = read = 0
for case in json.loads((folder / "cases.json").read_text()):
    try:
        if check(folder / case["name"], case["kind"], case["expected"]):
            read += 1
        else:
            print(f"skipped: {case['name']} (no safetensors in this Python)")
    except Exception:
        failed += 1
        print(f"{case['name']}:")
        traceback.print_exc(limit=2)
print(f"PyTorch {torch.__version__}, NumPy {np.__version__}: {read} files read, {failed} failed")
sys.exit(failed > 0)
