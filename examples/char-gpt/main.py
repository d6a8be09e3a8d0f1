import pathlib

import torch
from torch import nn
from torch.nn import functional as F

text = (pathlib.Path(__file__).parent / "sonnets.txt").read_text()

block_size = 32
batch_size = 16
n_embd = 64
n_head = 4
n_layer = 2
dropout = 0.1


class CausalSelfAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.c_attn = nn.Linear(n_embd, 3 * n_embd)
        self.c_proj = nn.Linear(n_embd, n_embd)
        self.register_buffer("mask", torch.tril(torch.ones(block_size, block_size)))

    def forward(self, x):
        B, T, C = x.shape
        q, k, v = (
            part.view(B, T, n_head, C // n_head).transpose(1, 2) for part in self.c_attn(x).split(n_embd, dim=2)
        )
        att = (q @ k.transpose(-2, -1)) * (C // n_head) ** -0.5
        att = att.masked_fill(self.mask[:T, :T] == 0, float("-inf"))
        y = F.softmax(att, dim=-1) @ v
        return self.c_proj(y.transpose(1, 2).reshape(B, T, C))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.ln_1 = nn.LayerNorm(n_embd)
        self.attn = CausalSelfAttention()
        self.ln_2 = nn.LayerNorm(n_embd)
        self.mlp = nn.Sequential(
            nn.Linear(n_embd, 4 * n_embd),
            nn.GELU(),
            nn.Linear(4 * n_embd, n_embd),
            nn.Dropout(dropout),
        )

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class GPT(nn.Module):
    def __init__(self, vocab_size):
        super().__init__()
        self.wte = nn.Embedding(vocab_size, n_embd)
        self.wpe = nn.Embedding(block_size, n_embd)
        self.drop = nn.Dropout(dropout)
        self.h = nn.ModuleList([Block() for _ in range(n_layer)])
        self.ln_f = nn.LayerNorm(n_embd)
        self.lm_head = nn.Linear(n_embd, vocab_size, bias=False)
        self.apply(self._init_weights)

    def _init_weights(self, module):
        if isinstance(module, (nn.Linear, nn.Embedding)):
            nn.init.normal_(module.weight, mean=0.0, std=0.02)
        if isinstance(module, nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)

    def forward(self, idx):
        B, T = idx.shape
        x = self.drop(self.wte(idx) + self.wpe(torch.arange(T, device=idx.device)))
        for block in self.h:
            x = block(x)
        return self.lm_head(self.ln_f(x))

    @torch.no_grad()
    def generate(self, idx, count):
        for _ in range(count):
            logits = self(idx[:, -block_size:])[:, -1]
            next = torch.multinomial(F.softmax(logits, dim=1), 1)
            idx = torch.cat([idx, next], dim=1)
        return idx


def main(run):
    torch.manual_seed(1337)
    chars = sorted(set(text))
    data = torch.tensor([chars.index(c) for c in text])

    model = GPT(len(chars)).to(run.device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    run.print(f"{len(chars)} characters, {sum(p.numel() for p in model.parameters())} parameters")

    for step in range(run.length(1000)):
        ix = torch.randint(len(data) - block_size, (batch_size,))
        x = torch.stack([data[i : i + block_size] for i in ix]).to(run.device)
        y = torch.stack([data[i + 1 : i + 1 + block_size] for i in ix]).to(run.device)

        logits = model(x)
        loss = F.cross_entropy(logits.view(-1, len(chars)), y.view(-1))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        run.loss(loss)

    model.eval()
    start = torch.tensor([[chars.index("\n")]], device=run.device)
    written = model.generate(start, 200)[0].tolist()
    run.print("".join(chars[i] for i in written))
