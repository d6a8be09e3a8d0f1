import torch
from torch import nn
from torch.nn import functional as F

from training import training


def build(inputs, rate):
    steps, y = inputs["x"].unbind(0), inputs["y"]
    batch, hidden = y.shape
    from_input = nn.Linear(steps[0].shape[1], 4 * hidden, bias=False)
    from_state = nn.Linear(hidden, 4 * hidden)
    parameters = [from_input.weight, from_state.weight, from_state.bias]

    def loss():
        h = torch.zeros(batch, hidden)
        c = torch.zeros(batch, hidden)
        for x in steps:
            i, f, g, o = (from_input(x) + from_state(h)).chunk(4, 1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
        return F.mse_loss(h, y)

    return training(parameters, inputs, torch.optim.SGD(parameters, lr=rate), loss)
