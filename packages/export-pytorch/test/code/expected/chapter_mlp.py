"""The model and its loss."""
import torch
import torch.nn.functional as F
from torch import nn


def build_model() -> nn.Module:
    """Return the model as it was exported, without its weights."""
    return nn.Sequential(nn.Linear(2, 8), nn.LeakyReLU(0.1), nn.Linear(8, 1))


def loss_fn(output, y) -> torch.Tensor:
    """Return the loss of a batch."""
    return F.mse_loss(output[:, 0], y)
