import pathlib

import torch
from torch.nn import functional as F

words = (pathlib.Path(__file__).parent / "names.txt").read_text().splitlines()
chars = ["."] + sorted(set("".join(words)))
stoi = {s: i for i, s in enumerate(chars)}

block_size = 3
batch_size = 32
n_embd = 10
n_hidden = 200


def build_dataset(words):
    X, Y = [], []
    for w in words:
        context = [0] * block_size
        for ch in w + ".":
            ix = stoi[ch]
            X.append(context)
            Y.append(ix)
            context = context[1:] + [ix]
    return torch.tensor(X), torch.tensor(Y)


def main(run):
    torch.manual_seed(2147483647)
    shuffled = [words[i] for i in torch.randperm(len(words)).tolist()]
    n1 = int(0.8 * len(words))
    n2 = int(0.9 * len(words))
    Xtr, Ytr = (t.to(run.device) for t in build_dataset(shuffled[:n1]))
    Xdev, Ydev = (t.to(run.device) for t in build_dataset(shuffled[n1:n2]))
    Xte, Yte = (t.to(run.device) for t in build_dataset(shuffled[n2:]))

    vocab_size = len(chars)
    C = torch.randn((vocab_size, n_embd))
    W1 = torch.randn((n_embd * block_size, n_hidden)) * (5 / 3) / (n_embd * block_size) ** 0.5
    b1 = torch.randn(n_hidden) * 0.01
    W2 = torch.randn((n_hidden, vocab_size)) * 0.01
    b2 = torch.zeros(vocab_size)
    C, W1, b1, W2, b2 = parameters = [p.to(run.device) for p in (C, W1, b1, W2, b2)]
    for p in parameters:
        p.requires_grad = True
    run.print(f"{len(words)} names, {len(Xtr)} examples, {sum(p.nelement() for p in parameters)} parameters")

    def hidden(X):
        emb = C[X]
        return torch.tanh(emb.view(-1, n_embd * block_size) @ W1 + b1)

    for step in range(run.length(4000)):
        ix = torch.randint(0, Xtr.shape[0], (batch_size,))
        Xb, Yb = Xtr[ix], Ytr[ix]

        logits = hidden(Xb) @ W2 + b2
        loss = F.cross_entropy(logits, Yb)
        for p in parameters:
            p.grad = None
        loss.backward()

        lr = 0.1 if step < 3000 else 0.01
        for p in parameters:
            p.data += -lr * p.grad
        run.loss(loss)

    @torch.no_grad()
    def split_loss(X, Y):
        return F.cross_entropy(hidden(X) @ W2 + b2, Y).item()

    run.print(f"train {split_loss(Xtr, Ytr):.3f}, dev {split_loss(Xdev, Ydev):.3f}, test {split_loss(Xte, Yte):.3f}")

    for _ in range(12):
        out = []
        context = [0] * block_size
        while True:
            logits = hidden(torch.tensor([context], device=run.device)) @ W2 + b2
            probs = F.softmax(logits, dim=1)
            ix = torch.multinomial(probs, num_samples=1).item()
            context = context[1:] + [ix]
            out.append(ix)
            if ix == 0:
                break
        run.print("".join(chars[i] for i in out))
