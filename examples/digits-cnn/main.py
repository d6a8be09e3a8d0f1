import torch
from sklearn.datasets import load_digits
from sklearn.metrics import classification_report
from sklearn.model_selection import train_test_split
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

batch_size = 64


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.dropout1 = nn.Dropout(0.25)
        self.dropout2 = nn.Dropout(0.5)
        self.fc1 = nn.Linear(32 * 2 * 2, 64)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = self.dropout1(x)
        x = torch.flatten(x, 1)
        x = self.dropout2(F.relu(self.fc1(x)))
        return self.fc2(x)


def evaluate(model, loader, device):
    """The mean loss, and the class that is predicted of each image."""
    model.eval()
    loss = 0.0
    predictions = []
    with torch.no_grad():
        for images, labels in loader:
            logits = model(images.to(device))
            loss += F.cross_entropy(logits, labels.to(device), reduction="sum").item()
            predictions.append(logits.argmax(1).cpu())
    return loss / len(loader.dataset), torch.cat(predictions)


def main(run):
    torch.manual_seed(1)
    digits = load_digits()
    images = torch.tensor(digits.images, dtype=torch.float32).unsqueeze(1) / 16
    labels = torch.tensor(digits.target)
    X_train, X_test, y_train, y_test = train_test_split(images, labels, test_size=0.2, random_state=0)
    train_loader = DataLoader(TensorDataset(X_train, y_train), batch_size, shuffle=True)
    test_loader = DataLoader(TensorDataset(X_test, y_test), 256)

    model = Net().to(run.device)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)

    for epoch in range(run.length(20)):
        model.train()
        for images, labels in train_loader:
            images, labels = images.to(run.device), labels.to(run.device)
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            run.loss(loss)

        loss, predicted = evaluate(model, test_loader, run.device)
        correct = predicted.eq(y_test).sum().item()
        run.print(f"epoch {epoch + 1}: test loss {loss:.3f}, accuracy {correct}/{len(y_test)} ({100 * correct / len(y_test):.1f}%)")

    loss, predicted = evaluate(model, test_loader, run.device)
    run.print(classification_report(y_test, predicted, digits=3, zero_division=0))
