import torch
from torch import nn
from torch.nn import functional as F

from training import training


def build(inputs, features, hidden, outputs, rate):
    x, y = inputs["x"], inputs["y"]
    model = nn.Sequential(nn.Linear(features, hidden), nn.ReLU(), nn.Linear(hidden, outputs))
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    classes = y.long()
    if outputs == 1:
        loss = lambda: F.binary_cross_entropy_with_logits(model(x).flatten(), y)
    else:
        loss = lambda: F.cross_entropy(model(x), classes)
    return training(model.parameters(), inputs, optimizer, loss)
