import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from training import Body


class linearRegression(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.linear = nn.Linear(inputs, outputs)

    def forward(self, x):
        return self.linear(x)


class Layers(nn.Module):
    """Linear layers with an activation between them, held in one Sequential as the chapter does."""

    def __init__(self, activation, widths):
        super().__init__()
        layers = []
        for a, b in zip(widths, widths[1:]):
            layers += [nn.Linear(a, b), activation()]
        self.main = nn.Sequential(*layers[:-1])

    def forward(self, x):
        return self.main(x)


MODELS = {
    "linearRegression": linearRegression,
    "nonlinRegression": lambda *widths: Layers(nn.Sigmoid, widths),
    "deepRegression": lambda *widths: Layers(nn.Sigmoid, widths),
    "binaryClassifier": lambda *widths: Layers(nn.ReLU, widths),
    "multiClassifier": lambda *widths: Layers(nn.ReLU, widths),
}


def trainer(model, criterion, optimizer, dataloader, epochs, flatten):
    means = []
    for _ in range(epochs):
        losses = 0
        for X, y in dataloader:
            optimizer.zero_grad()
            output = model(X)
            loss = criterion(output.flatten() if flatten else output, y)
            loss.backward()
            optimizer.step()
            losses += loss.item()
        means.append(losses / len(dataloader))
    return means


def build(inputs, model, widths, loss, optimizer, lr, epochs):
    classes = loss == "CrossEntropyLoss"
    y = inputs["y"].long() if classes else inputs["y"]
    dataloader = DataLoader(TensorDataset(inputs["X"], y), batch_size=50, shuffle=True)
    criterion = getattr(nn, loss)()

    def run():
        network = MODELS[model](*widths)
        stepper = getattr(torch.optim, optimizer)(network.parameters(), lr=lr)
        return trainer(network, criterion, stepper, dataloader, epochs, not classes)

    def results():
        torch.manual_seed(1)
        return {"losses": torch.tensor(run())}

    return Body(run, results)
