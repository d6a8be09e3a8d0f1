import torch
from torch.nn import functional as F

from training import operation

OPERATIONS = {
    "add": lambda x, y: x + y,
    "exp": torch.exp,
    "tanh": torch.tanh,
    "gelu": F.gelu,
    "softmax": lambda x: F.softmax(x, -1),
    "layerNorm": lambda x, weight, bias: F.layer_norm(x, weight.shape, weight, bias),
    "sum": torch.sum,
}


def build(inputs, name):
    compute = OPERATIONS[name]
    x = list(inputs.values())
    return operation(lambda: compute(*x))
