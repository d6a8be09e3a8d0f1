"""PyTorch: prepares and times the works of ../works/*.py, told by lines of JSON on stdin."""

import ctypes
import importlib
import json
import os
import platform
import re
import sys
import time

# What libraries print must not come between the answers.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

import numpy
import torch

threads = int(sys.argv[1])
torch.set_num_threads(threads)
torch.set_num_interop_threads(1)
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "works"))

body = None


def answer(message):
    answers.write(json.dumps(message) + "\n")
    answers.flush()


def read_arrays(path, contents):
    numbers = numpy.fromfile(path, dtype=numpy.float32)
    arrays, offset = {}, 0
    for entry in contents:
        size = int(numpy.prod(entry["shape"], dtype=numpy.int64))
        part = numbers[offset : offset + size].reshape(entry["shape"]).copy()
        arrays[entry["name"]] = torch.from_numpy(part)
        offset += size
    return arrays


def write_arrays(path, arrays):
    contents = []
    with open(path, "wb") as file:
        for name, values in arrays.items():
            values = torch.as_tensor(values).detach().to(torch.float32).contiguous()
            values.numpy().tofile(file)
            contents.append({"name": name, "shape": list(values.shape)})
    return contents


def spend(calls):
    if body.time is not None:
        return sum(body.time() for _ in range(calls))
    start = time.perf_counter()
    for _ in range(calls):
        body.run()
    return (time.perf_counter() - start) * 1000


def prepare(message):
    global body
    body = None
    module = importlib.import_module(message["torch"]["file"])
    inputs = read_arrays(message["inputs"], message["contents"])
    body = module.build(inputs, **message["torch"]["arguments"])
    return {"contents": write_arrays(message["results"], body.results())}


def warm(message):
    spent, calls, last = 0.0, 1, 0.0
    while spent < message["milliseconds"]:
        last = spend(calls) / calls
        spent += last * calls
        calls = min(calls * 2, max(1, int(message["milliseconds"] / max(last, 1e-6))))
    return {"milliseconds": last}


def release(message):
    global body
    body = None
    return {}


actions = {
    "prepare": prepare,
    "warm": warm,
    "time": lambda message: {"milliseconds": spend(message["calls"])},
    "release": release,
}



def kernels_of(path):
    """For which processor, hence which width of vectors, OpenBLAS has chosen its kernels."""
    core = getattr(ctypes.CDLL(path), "openblas_get_corename", None)
    if core is None:
        return ""
    core.restype = ctypes.c_char_p
    return f" for {core().decode()}"


maps = open("/proc/self/maps").read().splitlines() if os.path.exists("/proc/self/maps") else []
blas = sorted({os.path.realpath(line.split()[-1]) for line in maps if re.search(r"/lib(open)?blas[^/]*$", line)})
vectors = re.findall(r"CPU capability usage: (\S+)", torch.__config__.show())
names = [os.path.basename(path) + kernels_of(path) for path in blas]
runtime = ", ".join(["Python " + platform.python_version(), *vectors, *names])
answer({"version": torch.__version__, "threads": torch.get_num_threads(), "runtime": runtime})
for line in sys.stdin:
    request = json.loads(line)
    try:
        answer(actions[request["do"]](request))
    except Exception as error:
        body = None
        answer({"failed": f"{type(error).__name__}: {error}"})
