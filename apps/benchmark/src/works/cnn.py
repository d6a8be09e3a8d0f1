import torch
from torch import nn
from torch.nn import functional as F

from training import training


def build(inputs, rate):
    x, y = inputs["x"], inputs["y"].long()
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(32 * 7 * 7, 10),
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    return training(model.parameters(), inputs, optimizer, lambda: F.cross_entropy(model(x), y))
