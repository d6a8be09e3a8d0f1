import pathlib

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence
from torch.utils.data import DataLoader, Dataset, random_split

names = (pathlib.Path(__file__).parent.parent / "makemore-mlp" / "names.txt").read_text().splitlines()
chars = ["."] + sorted(set("".join(names)))

embed_dim = 16
hidden_size = 64
num_layers = 2
dropout = 0.2
padding = -1


class Names(Dataset):
    """A name as the letters to read, after a dot, and those to say, the dot last."""

    def __len__(self):
        return len(names)

    def __getitem__(self, i):
        letters = torch.tensor([chars.index(c) for c in f".{names[i]}."])
        return letters[:-1], letters[1:]


def collate(pairs):
    pairs.sort(key=lambda pair: len(pair[0]), reverse=True)
    inputs, targets = zip(*pairs)
    lengths = torch.tensor([len(x) for x in inputs])
    return (
        pad_sequence(inputs, batch_first=True),
        pad_sequence(targets, batch_first=True, padding_value=padding),
        lengths,
    )


class NameLSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(len(chars), embed_dim)
        self.lstm = nn.LSTM(embed_dim, hidden_size, num_layers, dropout=dropout, batch_first=True)
        self.head = nn.Linear(hidden_size, len(chars))

    def forward(self, x, lengths):
        packed = pack_padded_sequence(self.embed(x), lengths, batch_first=True)
        output, _ = self.lstm(packed)
        padded, _ = pad_packed_sequence(output, batch_first=True)
        return self.head(padded)

    def step(self, letter, state):
        output, state = self.lstm(self.embed(letter), state)
        return self.head(output[:, -1]), state


def criterion(logits, y):
    return F.cross_entropy(logits.view(-1, len(chars)), y.view(-1), ignore_index=padding)


@torch.no_grad()
def evaluate(model, loader, device):
    model.eval()
    total, count = 0.0, 0
    for x, y, lengths in loader:
        loss = criterion(model(x.to(device), lengths), y.to(device))
        letters = lengths.sum().item()
        total += loss.item() * letters
        count += letters
    return total / count


@torch.no_grad()
def write(model, device, temperature=0.8):
    letter, state, name = torch.tensor([[0]], device=device), None, ""
    while len(name) < 15:
        logits, state = model.step(letter, state)
        letter = torch.multinomial(F.softmax(logits / temperature, dim=1), 1)
        c = chars[letter.item()]
        if c == ".":
            break
        name += c
    return name


def main(run):
    torch.manual_seed(0)
    n_dev = len(names) // 10
    train_set, dev_set = random_split(Names(), [len(names) - n_dev, n_dev])
    train_loader = DataLoader(train_set, batch_size=32, shuffle=True, collate_fn=collate)
    dev_loader = DataLoader(dev_set, batch_size=100, collate_fn=collate)

    model = NameLSTM().to(run.device)
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)

    for epoch in range(run.length(14)):
        model.train()
        for x, y, lengths in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(x.to(run.device), lengths), y.to(run.device))
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            run.loss(loss)
        train_loss = evaluate(model, train_loader, run.device)
        dev_loss = evaluate(model, dev_loader, run.device)
        run.print(f"epoch {epoch + 1}: train {train_loss:.3f}, dev {dev_loss:.3f}")

    for _ in range(10):
        run.print(write(model, run.device))
