"""The model and its loss."""
import torch
import torch.nn.functional as F
from torch import nn


class Positive(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(4, 4))
        self.bias = nn.Parameter(torch.empty(4))

    def forward(self, x):
        return F.linear(x, self.weight.exp(), bias=self.bias).clamp(min=0)


class Stateful(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.LSTMCell(4, 4)
        self.register_buffer("seen", torch.empty(()))

    def forward(self, x, state, gate):
        state1, state2 = state
        h, c = self.cell(x * gate, (state1, state2))
        self.seen.add_(1)
        out = h + self.seen
        return out, (h, c)


class Oddities(nn.Module):
    def __init__(self):
        super().__init__()
        self.class_ = nn.Linear(4, 4)
        self.forward_pass = nn.Linear(4, 4)
        self.ln_f = nn.LayerNorm(4)
        self.ln_f2 = nn.LayerNorm(4)
        self.positive = Positive()
        self.stateful = Stateful()
        self.again = self.stateful
        self.towers = nn.ModuleDict(
            {"left-hand": nn.Linear(4, 2), "right": nn.Linear(4, 2)}
        )
        self.frozen = nn.Embedding(3, 4)
        self.tail = nn.Sequential(
            nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 4), nn.Tanh()
        )
        self.p = nn.Parameter(torch.empty(4), requires_grad=False)
        self.register_buffer("constant", torch.empty(3, 4))
        self.tail[2].weight = self.tail[0].weight

    def forward(self, x, index):
        if self.training:
            x = self.ln_f(self.class_(x)) + self.ln_f2(self.forward_pass(x))
            out = x.tanh()
            stateful, (stateful2, stateful3) = self.stateful(x, (x, out), gate=self.p)
            stateful, _ = self.stateful(stateful, (stateful2, stateful3), gate=-self.p)
            stateful = (
                self.positive(stateful) + self.frozen(index) + self.constant[index]
            )
            stateful = stateful * 0.5
            for layer in self.tail:
                stateful = layer(stateful)
            stateful = stateful.clone()
            stateful[:, 0].add_(1)
            stateful.div_(2)
            tower = self.towers["left-hand"](stateful)
            tower2 = self.towers["right"](stateful)
            tower = torch.cat([tower, tower2], dim=1)
            total = stateful[[0, -1], 1:].sum()
            tower2 = tower2.softmax(dim=-1)
            return {"odd": (tower, total), "last": {"inner": tower2}}
        x = self.ln_f(self.class_(x)) + self.ln_f2(self.forward_pass(x))
        out = x.tanh()
        stateful, (stateful2, stateful3) = self.stateful(x, (x, out), gate=self.p)
        stateful, _ = self.stateful(stateful, (stateful2, stateful3), gate=-self.p)
        stateful = self.positive(stateful) + self.frozen(index) + self.constant[index]
        stateful = stateful * 0.5
        for layer in self.tail:
            stateful = layer(stateful)
        stateful = stateful.clone()
        stateful[:, 0].add_(1)
        stateful.div_(2)
        tower = self.towers["left-hand"](stateful)
        tower2 = self.towers["right"](stateful)
        out = torch.cat([tower2, tower], dim=1)
        total = stateful[[0, -1], 1:].sum()
        tower2 = tower2.softmax(dim=-1)
        return {"odd": (out, total), "last": {"inner": tower2}}


def build_model() -> nn.Module:
    """Return the model as it was exported, without its weights."""
    model = Oddities()
    model.frozen.requires_grad_(False)
    return model


def loss_fn(output, y) -> torch.Tensor:
    """Return the loss of a batch."""
    odd1, odd2 = output["odd"]
    inner = output["last"]["inner"]
    return F.cross_entropy(odd1, y) + odd2 + inner.log().mean()
