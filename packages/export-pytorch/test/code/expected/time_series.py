"""The model and its loss."""
import torch
from torch import nn


class Sequence(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm1 = nn.LSTMCell(1, 11, dtype=torch.float64)
        self.lstm2 = nn.LSTMCell(11, 11, dtype=torch.float64)
        self.linear = nn.Linear(11, 1, dtype=torch.float64)

    def forward(self, input):
        batch = input.shape[0]
        zeros = torch.zeros(batch, 11, dtype=torch.float64, device=input.device)
        zeros2 = torch.zeros(batch, 11, dtype=torch.float64, device=input.device)
        h, c = self.lstm1(input.narrow(1, 0, 1), (zeros, zeros2))
        h2, c2 = self.lstm2(h, (zeros, zeros2))
        linear = self.linear(h2)
        h, c = self.lstm1(input.narrow(1, 1, 1), (h, c))
        h2, c2 = self.lstm2(h, (h2, c2))
        linear2 = self.linear(h2)
        h, c = self.lstm1(input.narrow(1, 2, 1), (h, c))
        h2, c2 = self.lstm2(h, (h2, c2))
        linear3 = self.linear(h2)
        h, _ = self.lstm1(input.narrow(1, 3, 1), (h, c))
        h, _ = self.lstm2(h, (h2, c2))
        h = self.linear(h)
        return torch.cat([linear, linear2, linear3, h], dim=1)


def build_model() -> nn.Module:
    """Return the model as it was exported, without its weights."""
    return Sequence()


def loss_fn(output, target) -> torch.Tensor:
    """Return the loss of a batch."""
    return nn.MSELoss()(output, target)
