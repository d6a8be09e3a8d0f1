import copy
import math
import pathlib

import pandas as pd
import torch
from sklearn.metrics import balanced_accuracy_score, confusion_matrix
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset, random_split

categorical = ["job", "home", "purpose"]
numeric = ["age", "income", "amount", "months"]
batch_size = 64


class TabularNet(nn.Module):
    def __init__(self, sizes, classes, dim=3):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(size, dim) for size in sizes])
        self.layers = nn.Sequential(
            nn.Linear(len(sizes) * dim + len(numeric), 64),
            nn.ReLU(),
            nn.Dropout(0.2),
            nn.Linear(64, 32),
            nn.ReLU(),
            nn.Linear(32, classes),
        )

    def forward(self, codes, numbers):
        embedded = [embedding(codes[:, i]) for i, embedding in enumerate(self.embeddings)]
        return self.layers(torch.cat([*embedded, numbers], 1))


class EarlyStopping:
    """PyTorch has none."""

    def __init__(self, patience):
        self.patience, self.best, self.best_epoch, self.epoch = patience, math.inf, 0, 0

    @property
    def stopped(self):
        return self.epoch - self.best_epoch >= self.patience

    def step(self, loss, model):
        self.epoch += 1
        if loss < self.best:
            self.best, self.best_epoch = loss, self.epoch
            self.weights = copy.deepcopy(model.state_dict())

    def restore_best(self, model):
        model.load_state_dict(self.weights)


@torch.no_grad()
def evaluate(model, loader, device):
    """The mean loss, and the class that is predicted of each row, beside its own."""
    model.eval()
    loss, truth, predictions = 0.0, [], []
    for codes, numbers, labels in loader:
        logits = model(codes.to(device), numbers.to(device))
        loss += F.cross_entropy(logits, labels.to(device), reduction="sum").item()
        truth.append(labels)
        predictions.append(logits.argmax(1).cpu())
    return loss / len(loader.dataset), torch.cat(truth), torch.cat(predictions)


def main(run):
    torch.manual_seed(0)
    table = pd.read_csv(pathlib.Path(__file__).parent / "loans.csv")
    columns = [pd.Categorical(table[name]) for name in categorical]
    codes = torch.stack([torch.tensor(column.codes, dtype=torch.int64) for column in columns], 1)
    sizes = [len(column.categories) for column in columns]
    outcome = pd.Categorical(table["outcome"])
    numbers = torch.tensor(table[numeric].to_numpy(), dtype=torch.float32).log()

    rows = TensorDataset(codes, (numbers - numbers.mean(0)) / numbers.std(0), torch.tensor(outcome.codes, dtype=torch.int64))
    train_set, valid_set = random_split(rows, [800, 200])
    train_loader = DataLoader(train_set, batch_size=batch_size, shuffle=True)
    valid_loader = DataLoader(valid_set, batch_size=200)

    model = TabularNet(sizes, len(outcome.categories)).to(run.device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.01)
    stopping = EarlyStopping(patience=10)

    for epoch in range(run.length(100)):
        model.train()
        for codes, numbers, labels in train_loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(codes.to(run.device), numbers.to(run.device)), labels.to(run.device))
            loss.backward()
            optimizer.step()
            run.loss(loss)
        loss, _, _ = evaluate(model, valid_loader, run.device)
        stopping.step(loss, model)
        run.print(f"epoch {epoch + 1}: validation loss {loss:.3f}")
        if stopping.stopped:
            break

    stopping.restore_best(model)
    _, truth, predicted = evaluate(model, valid_loader, run.device)
    counts = confusion_matrix(truth, predicted, labels=[0, 1, 2])
    run.print(f"best epoch {stopping.best_epoch}: validation loss {stopping.best:.3f}")
    run.print(f"balanced accuracy {balanced_accuracy_score(truth, predicted):.3f}")
    for name, row in zip(outcome.categories, counts):
        run.print(f"{name}: {' '.join(map(str, row))}")
