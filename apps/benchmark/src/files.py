"""Writes and reads tensors with PyTorch, and prints the seconds of each as JSON (see files.ts).

Arguments: a folder, the number of tensors, the elements of each, how often.
"""

import json
import pathlib
import sys
import time

import torch

try:
    import safetensors.torch as safetensors
except ImportError:
    safetensors = None

folder, count, elements, rounds = pathlib.Path(sys.argv[1]), *map(int, sys.argv[2:5])
tensors = {f"layer{i}.weight": torch.arange(i, elements + i, dtype=torch.float32) for i in range(count)}
works = {
    "write .pt": lambda: torch.save(tensors, folder / "torch.pt"),
    # Read and touched: a file that is mapped into memory is not read yet.
    "read .pt": lambda: [x.sum() for x in torch.load(folder / "torch.pt").values()],
}
if safetensors is not None:
    works["write .safetensors"] = lambda: safetensors.save_file(tensors, folder / "torch.safetensors")
    works["read .safetensors"] = lambda: [x.sum() for x in safetensors.load_file(folder / "torch.safetensors").values()]
seconds = {name: [] for name in works}
for _ in range(rounds):
    for name, work in works.items():
        start = time.perf_counter()
        work()
        seconds[name].append(time.perf_counter() - start)
print(json.dumps(seconds))
