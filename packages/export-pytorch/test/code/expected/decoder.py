"""The model and its loss."""
import torch
import torch.nn.functional as F
from torch import nn


def _scaled_dot_product_attention(
    query,
    key,
    value,
    attn_mask=None,
    dropout_p=0.0,
    is_causal=False,
    scale=None,
    enable_gqa=False,
):
    """softmax(query @ key^T * scale) @ value, as PyTorch 2.5 has it."""
    if enable_gqa:
        repeats = query.size(-3) // key.size(-3)
        key = key.repeat_interleave(repeats, -3)
        value = value.repeat_interleave(repeats, -3)
    if hasattr(F, "scaled_dot_product_attention") and scale is None:
        return F.scaled_dot_product_attention(
            query, key, value, attn_mask, dropout_p, is_causal
        )
    scale = query.size(-1) ** -0.5 if scale is None else scale
    scores = query @ key.transpose(-2, -1) * scale
    if is_causal:
        ones = torch.ones(scores.shape[-2:], dtype=torch.bool, device=query.device)
        scores = scores.masked_fill(~ones.tril(), float("-inf"))
    if attn_mask is not None and attn_mask.dtype == torch.bool:
        scores = scores.masked_fill(~attn_mask, float("-inf"))
    elif attn_mask is not None:
        scores = scores + attn_mask
    return F.dropout(F.softmax(scores, dim=-1), dropout_p) @ value


class CausalBlock(nn.Module):
    def __init__(self, heads, size):
        super().__init__()
        self.heads = heads
        self.size = size
        self.norm = nn.LayerNorm(16)
        self.qkv = nn.Linear(16, 48)
        self.proj = nn.Linear(16, 16)
        self.mlp = nn.Sequential(nn.Linear(16, 32), nn.SiLU(), nn.Linear(32, 16))

    def forward(self, x):
        batch, time, _ = x.shape
        q, k, v = self.qkv(self.norm(x)).chunk(3, dim=-1)
        q = q.view(batch, time, self.heads, self.size).transpose(1, 2)
        k = k.view(batch, time, self.heads, self.size).transpose(1, 2)
        v = v.view(batch, time, self.heads, self.size).transpose(1, 2)
        attn = _scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.proj(attn.transpose(1, 2).reshape(batch, time, 16))
        return x + self.mlp(x)


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(20, 16)
        self.positions = nn.Embedding(32, 16)
        self.blocks = nn.ModuleList([CausalBlock(2, 8), CausalBlock(4, 4)])
        self.norm = nn.LayerNorm(16)

    def forward(self, ids):
        time = ids.shape[1]
        out = self.tokens(ids) + self.positions(torch.arange(time, device=ids.device))
        for block in self.blocks:
            out = block(out)
        return F.linear(self.norm(out), self.tokens.weight)


def build_model() -> nn.Module:
    """Return the model as it was exported, without its weights."""
    return Decoder()


def loss_fn(logits, targets) -> torch.Tensor:
    """Return the loss of a batch."""
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())
