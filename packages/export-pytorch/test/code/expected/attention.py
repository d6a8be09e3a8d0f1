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


class _LayerNormWithoutBias(nn.LayerNorm):
    """nn.LayerNorm with bias=False, as PyTorch 2.1 has it."""

    def __init__(self, normalized_shape, eps=1e-5, dtype=None):
        super().__init__(normalized_shape, eps, dtype=dtype)
        self.register_parameter("bias", None)


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(8, 24)
        self.attn = nn.MultiheadAttention(8, 2, batch_first=True)
        self.norm = _LayerNormWithoutBias(8)

    def forward(self, x):
        batch = x.shape[0]
        qkv = self.qkv(x)
        q, k, v = qkv.chunk(3, dim=-1)
        q = q.reshape(batch, 5, 2, 4).transpose(1, 2)
        k = k.reshape(batch, 5, 2, 4).transpose(1, 2)
        v = v.reshape(batch, 5, 2, 4).transpose(1, 2)
        out = _scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2)
        out = out.reshape(batch, 5, 8)
        attn, _ = self.attn(self.norm(out), out, out, need_weights=False)
        return attn.reshape(5 * batch, 8) + x.reshape(5 * batch, 8)


def build_model() -> nn.Module:
    """Return the model as it was exported, without its weights."""
    return Attention()


def loss_fn(output, target) -> torch.Tensor:
    """Return the loss of a batch."""
    return (output - target.flatten(0, 1)).abs().mean()
