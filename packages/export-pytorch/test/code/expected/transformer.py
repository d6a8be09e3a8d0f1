"""The model and its loss."""
import torch
import torch.nn.functional as F
from torch import nn


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(13, 8)
        self.encoder = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(
                8, 2, dim_feedforward=16, dropout=0, batch_first=True
            ),
            2,
        )
        self.decoder = nn.Linear(8, 13)
        self.register_buffer("constant", torch.empty(6, 8))
        self.decoder.weight = self.embed.weight

    def forward(self, src):
        mask = torch.ones(6, 6, device=src.device).triu(1).bool()
        x = self.embed(src)
        x = x * 2.8284271247461903
        x = x + self.constant
        x = self.encoder(x, mask=mask)
        return self.decoder(x)


def build_model() -> nn.Module:
    """Return the model as it was exported, without its weights."""
    return Encoder()


def loss_fn(logits, y) -> torch.Tensor:
    """Return the loss of a batch."""
    return F.cross_entropy(logits.flatten(0, 1), y.flatten())
