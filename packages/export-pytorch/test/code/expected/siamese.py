"""The model and its loss."""
import torch
import torch.nn.functional as F
from torch import nn


class Siamese(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.ModuleDict(
            {"first": nn.Linear(4, 8), "second": nn.Linear(8, 8)}
        )
        self.temperature = nn.Parameter(torch.empty(()))

    def forward(self, a, b):
        a = F.relu(self.encoder["first"](a))
        a = F.normalize(self.encoder["second"](a))
        b = F.relu(self.encoder["first"](b))
        b = F.normalize(self.encoder["second"](b))
        a = a - a.mean(dim=0).detach()
        exp = self.temperature.exp()
        return {"online": a, "target": b.detach(), "scale": exp}


def build_model() -> nn.Module:
    """Return the model as it was exported, without its weights."""
    return Siamese()


def loss_fn(output, y) -> torch.Tensor:
    """Return the loss of a batch."""
    online = output["online"]
    target = output["target"]
    scale = output["scale"]
    batch = online.shape[0]
    scores = online @ target.T * scale
    return F.cross_entropy(scores, y) + ((online - target) ** 2).sum() / batch
