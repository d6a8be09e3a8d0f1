import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

batch_size = 64


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 128)
        self.fc21 = nn.Linear(128, 8)
        self.fc22 = nn.Linear(128, 8)
        self.fc3 = nn.Linear(8, 128)
        self.fc4 = nn.Linear(128, 64)

    def encode(self, x):
        h1 = F.relu(self.fc1(x))
        return self.fc21(h1), self.fc22(h1)

    def reparameterize(self, mu, logvar):
        std = torch.exp(0.5 * logvar)
        eps = torch.randn_like(std)
        return mu + eps * std

    def decode(self, z):
        h3 = F.relu(self.fc3(z))
        return torch.sigmoid(self.fc4(h3))

    def forward(self, x):
        mu, logvar = self.encode(x.view(-1, 64))
        z = self.reparameterize(mu, logvar)
        return self.decode(z), mu, logvar


def loss_function(recon_x, x, mu, logvar):
    """Reconstruction and Kullback-Leibler divergence, summed over the batch."""
    BCE = F.binary_cross_entropy(recon_x, x.view(-1, 64), reduction="sum")
    KLD = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
    return BCE + KLD


@torch.no_grad()
def evaluate(model, loader, device):
    model.eval()
    total = 0.0
    for (x,) in loader:
        x = x.to(device)
        recon, mu, logvar = model(x)
        total += loss_function(recon, x, mu, logvar).item()
    return total / len(loader.dataset)


def main(run):
    torch.manual_seed(1)
    images = torch.tensor(load_digits().images, dtype=torch.float32) / 16
    X_train, X_test = train_test_split(images, test_size=0.2, random_state=0)
    train_loader = DataLoader(TensorDataset(X_train), batch_size, shuffle=True)
    test_loader = DataLoader(TensorDataset(X_test), batch_size)

    model = VAE().to(run.device)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

    for epoch in range(run.length(60)):
        model.train()
        train_loss = 0.0
        for (x,) in train_loader:
            x = x.to(run.device)
            optimizer.zero_grad()
            recon, mu, logvar = model(x)
            loss = loss_function(recon, x, mu, logvar)
            loss.backward()
            optimizer.step()
            run.loss(loss)
            train_loss += loss.item()
        train_loss /= len(train_loader.dataset)
        test_loss = evaluate(model, test_loader, run.device)
        run.print(f"epoch {epoch + 1}: train loss {train_loss:.2f}, test loss {test_loss:.2f}")
