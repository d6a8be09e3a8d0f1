"""The model and its loss."""
import torch
from torch import nn


class Tower(nn.Module):
    def __init__(self, in_features, p, heads, size):
        super().__init__()
        self.heads = heads
        self.size = size
        self.net = nn.Linear(in_features, 4)
        self.drop = nn.Dropout(p)

    def forward(self, x):
        drop = self.drop(self.net(x))
        mean = x.mean(dim=1, keepdim=True)
        mean = mean + drop.view(-1, self.heads, self.size).flatten(1)
        return mean + drop


class Towers(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = Tower(6, 0.1, 2, 2)
        self.rest = nn.ModuleList([Tower(4, 0.2, 2, 2), Tower(4, 0.2, 4, 1)])

    def forward(self, x):
        x = self.first(x)
        for tower in self.rest:
            x = tower(x)
        return x


def build_model() -> nn.Module:
    """Return the model as it was exported, without its weights."""
    return Towers()


def loss_fn(output, target) -> torch.Tensor:
    """Return the loss of a batch."""
    return nn.MSELoss()(output, target)
