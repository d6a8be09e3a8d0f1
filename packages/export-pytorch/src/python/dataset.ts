/** `dataset.py`: what reads weights and rows. */
export const dataset: string = `"""Tensors in .safetensors files: weights, and rows to train on."""
import json
import struct
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import Dataset

DTYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I64": torch.int64,
    "I32": torch.int32,
    "I16": torch.int16,
    "I8": torch.int8,
    "U8": torch.uint8,
    "BOOL": torch.bool,
}


def read_safetensors(path):
    """Returns the tensors of a file by name, mapped into memory, and its metadata."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
    metadata = header.pop("__metadata__", {})
    # Copy on write: what is written to the tensors stays in memory.
    content = np.memmap(path, np.uint8, "c")
    tensors = {}
    for name, entry in header.items():
        dtype, shape = DTYPES[entry["dtype"]], entry["shape"]
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        if begin == end:
            tensors[name] = torch.empty(shape, dtype=dtype)
        else:
            part = torch.from_numpy(content[begin:end])
            tensors[name] = part.view(dtype).reshape(shape)
    return tensors, metadata


class ShardDataset(Dataset):
    """Rows of the files NAME-*.safetensors of a folder.

    They stay on the disk until they are used. A list of numbers gives a batch.
    """

    def __init__(self, folder, name, columns):
        self.arguments = (folder, name, columns)
        paths = sorted(Path(folder).glob(f"{name}-*.safetensors"))
        shards = [read_safetensors(path)[0] for path in paths]
        self.shards = [[shard[column] for column in columns] for shard in shards]
        self.ends = np.cumsum([len(columns[0]) for columns in self.shards])

    def __reduce__(self):
        # Workers that are not forked open the files anew.
        return ShardDataset, self.arguments

    def __len__(self):
        return int(self.ends[-1])

    def __getitem__(self, rows):
        if isinstance(rows, int):
            return [column[0] for column in self[[rows]]]
        rows = np.asarray(rows)
        shards = np.searchsorted(self.ends, rows, side="right")
        used = np.unique(shards)
        parts = []
        for shard in used:
            columns = self.shards[shard]
            within = rows[shards == shard] - (self.ends[shard] - len(columns[0]))
            parts.append([column[torch.from_numpy(within)] for column in columns])
        if len(parts) == 1:
            return parts[0]
        # The rows came shard by shard; this puts them back into their order.
        places = np.concatenate([np.flatnonzero(shards == shard) for shard in used])
        order = torch.from_numpy(np.argsort(places))
        return [torch.cat(column)[order] for column in zip(*parts)]
`;
