"""The model and its loss."""
import torch
import torch.nn.functional as F
from torch import nn


class Scaled(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.empty(6))

    def forward(self, x):
        return x * self.scale / ((x**2).mean(dim=-1, keepdim=True) + 1e-6).sqrt()


class Mixed(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(6, 6) for _ in range(3)])
        self.norms = nn.ParameterList(
            [nn.Parameter(torch.empty(6)), nn.Parameter(torch.empty(6))]
        )
        self.rms = Scaled()
        self.gru = nn.GRU(6, 5, bidirectional=True)
        self.register_buffer("count", torch.empty(2))
        self.lambda_ = nn.Linear(10, 3)

    def forward(self, x, lengths):
        batch = x.shape[0]
        for layer in self.layers:
            x = x + F.relu(layer(x))
        out = self.rms(x * self.norms[0]) - self.norms[1]
        mask = torch.arange(4, device=x.device).unsqueeze(0) < lengths.unsqueeze(1)
        out = out.masked_fill((~mask).unsqueeze(-1), 0)
        output, h_n = self.gru(out.transpose(0, 1))
        output = output.clone()
        output[0].mul_(2)
        output[-1, :, ::2] = 0.5
        values, _ = output.max(0)
        values = torch.where(values > 0, values, 0.0) + self.count.sum()
        mean = values.mean(dim=1, keepdim=True)
        var = values.var(dim=1, correction=0, keepdim=True)
        out = mask.float()
        out2 = output.permute(1, 2, 0).expand(batch, 10, 4)
        out2 = out2.reshape(batch, 10, 4)
        out = out.permute(0, 1).expand(batch, 4).reshape(batch, 4, 1)
        out2 = (out2 @ out).reshape(batch, 10).permute(0, 1).expand(batch, 10)
        lambda_ = self.lambda_((values - mean) / (var + 1e-5).sqrt())
        out2 = -out2
        h_n = torch.stack([h_n[0], h_n[1]]).mean(dim=0)
        return lambda_, out2, h_n


def build_model() -> nn.Module:
    """Return the model as it was exported, without its weights."""
    return Mixed()


def loss_fn(output, y) -> torch.Tensor:
    """Return the loss of a batch."""
    logits, pooled, last = output
    loss = F.cross_entropy(
        logits, y, weight=torch.tensor([1.0, 2.0, 0.5], device=logits.device)
    )
    loss2 = pooled.mean()
    return loss + loss2 - last.square().sum() * 0.001
