"""The model and its loss."""
import torch
import torch.nn.functional as F
from torch import nn


class DQN(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer1 = nn.Linear(4, 128)
        self.layer2 = nn.Linear(128, 128)
        self.layer3 = nn.Linear(128, 2)

    def forward(self, x):
        x = F.relu(self.layer1(x))
        x = F.relu(self.layer2(x))
        return self.layer3(x)


def build_model() -> nn.Module:
    """Return the model as it was exported, without its weights."""
    return DQN()


def loss_fn(q, action, expected) -> torch.Tensor:
    """Return the loss of a batch."""
    return F.smooth_l1_loss(q.gather(1, action), expected.unsqueeze(1))
