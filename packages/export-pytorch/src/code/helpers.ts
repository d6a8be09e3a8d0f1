/** Functions and classes that model.py brings along, because PyTorch 1.13 does not have them yet. */

/** The sources, by the names that later versions of PyTorch give them. */
const sources: Readonly<Record<string, string>> = {
  scaled_dot_product_attention: `
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
    return F.dropout(F.softmax(scores, dim=-1), dropout_p) @ value`,
  rms_norm: `
def _rms_norm(input, normalized_shape, weight=None, eps=None):
    """torch.nn.functional.rms_norm of PyTorch 2.4."""
    eps = torch.finfo(input.dtype).eps if eps is None else eps
    dims = tuple(range(-len(normalized_shape), 0))
    output = input * torch.rsqrt(input.pow(2).mean(dims, keepdim=True) + eps)
    return output if weight is None else output * weight`,
  channel_shuffle: `
def _channel_shuffle(input, groups):
    """channel_shuffle with the derivative that PyTorch 1.13's lacks."""
    parts = input.unflatten(1, (groups, input.shape[1] // groups))
    return parts.transpose(1, 2).reshape(input.shape)`,
  ChannelShuffle: `
class _ChannelShuffle(nn.ChannelShuffle):
    """nn.ChannelShuffle with the derivative that PyTorch 1.13's lacks."""

    def forward(self, x):
        return _channel_shuffle(x, self.groups)`,
  RMSNorm: `
class _RMSNorm(nn.Module):
    """nn.RMSNorm of PyTorch 2.4."""

    def __init__(self, normalized_shape, eps=None, elementwise_affine=True, dtype=None):
        super().__init__()
        if isinstance(normalized_shape, int):
            normalized_shape = (normalized_shape,)
        self.normalized_shape = tuple(normalized_shape)
        self.eps = eps
        self.register_parameter("weight", None)
        if elementwise_affine:
            self.weight = nn.Parameter(torch.ones(self.normalized_shape, dtype=dtype))

    def forward(self, x):
        return _rms_norm(x, self.normalized_shape, self.weight, self.eps)`,
  LayerNormWithoutBias: `
class _LayerNormWithoutBias(nn.LayerNorm):
    """nn.LayerNorm with bias=False, as PyTorch 2.1 has it."""

    def __init__(self, normalized_shape, eps=1e-5, dtype=None):
        super().__init__(normalized_shape, eps, dtype=dtype)
        self.register_parameter("bias", None)`,
  ...Object.fromEntries(
    [1, 2, 3].map((n) => [
      `CircularPad${n}d`,
      `
class _CircularPad${n}d(nn.Module):
    """nn.CircularPad${n}d of PyTorch 2.1."""

    def __init__(self, padding):
        super().__init__()
        self.padding = (padding,) * ${2 * n} if isinstance(padding, int) else padding

    def forward(self, x):
        return F.pad(x, self.padding, mode="circular")`,
    ]),
  ),
};

/** What a helper itself needs. */
const needs: Readonly<Record<string, string>> = {
  RMSNorm: "rms_norm",
  ChannelShuffle: "channel_shuffle",
};

/** The helpers that a file needs. */
export class Helpers {
  readonly #needed = new Set<string>();

  /** The name of a helper, which is written then. */
  need(name: string): string {
    if (Object.hasOwn(needs, name)) this.need(needs[name]);
    this.#needed.add(name);
    return `_${name}`;
  }

  get names(): readonly string[] {
    return [...this.#needed];
  }
}

/** The lines of each. */
export function helperLines({ names }: Helpers): string[][] {
  return names.map((name) => sources[name].slice(1).split("\n"));
}
