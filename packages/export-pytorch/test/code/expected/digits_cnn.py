"""The model and its loss."""
import torch
import torch.nn.functional as F
from torch import nn


class DigitsNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(16)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.dropout1 = nn.Dropout(0.25)
        self.dropout2 = nn.Dropout(0.5)
        self.fc1 = nn.Linear(128, 64)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = self.dropout1(x)
        x = x.flatten(1)
        x = self.dropout2(F.relu(self.fc1(x)))
        return self.fc2(x)


def build_model() -> nn.Module:
    """Return the model as it was exported, without its weights."""
    return DigitsNet()


def loss_fn(output, target) -> torch.Tensor:
    """Return the loss of a batch."""
    return nn.CrossEntropyLoss()(output, target)
