"""The model and its loss."""
import torch
from torch import nn


class FCN(nn.Module):
    def __init__(self):
        super().__init__()
        self.fcs = nn.Sequential(nn.Linear(1, 32), nn.Tanh())
        self.fch = nn.Sequential(
            *[nn.Sequential(nn.Linear(32, 32), nn.Tanh()) for _ in range(2)]
        )
        self.fce = nn.Linear(32, 1)

    def forward(self, x):
        x = self.fcs(x)
        x = self.fch(x)
        return self.fce(x)


def build_model() -> nn.Module:
    """Return the model as it was exported, without its weights."""
    return FCN()


def loss_fn(u, y) -> torch.Tensor:
    """Return the loss of a batch."""
    return ((u - y) ** 2).mean()
