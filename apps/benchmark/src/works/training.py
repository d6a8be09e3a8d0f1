"""What the works in PyTorch are made of."""

import torch


class Body:
    """A prepared work: what is timed, and what it computes. Where not all of `run` is timed, `time` runs it and gives the milliseconds."""

    def __init__(self, run, results, time=None):
        self.run = run
        self.results = results
        self.time = time


def operation(compute):
    return Body(compute, lambda: {"result": compute()})


def training(parameters, inputs, optimizer, loss_of):
    """A step of training; its results are two steps' losses and the parameters that they end with."""
    parameters = list(parameters)
    with torch.no_grad():
        for i, parameter in enumerate(parameters):
            parameter.copy_(inputs[f"p{i}"])

    def step():
        optimizer.zero_grad()
        loss = loss_of()
        loss.backward()
        optimizer.step()
        return loss

    def results():
        losses = torch.tensor([step().item() for _ in range(2)])
        return {"losses": losses, **{f"p{i}": parameter for i, parameter in enumerate(parameters)}}

    return Body(step, results)
