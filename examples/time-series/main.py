import torch
from torch import nn

count = 20
length = 200
period = 20
future = 100
hidden_size = 24
dtype = torch.float64


class Sequence(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm1 = nn.LSTMCell(1, hidden_size)
        self.lstm2 = nn.LSTMCell(hidden_size, hidden_size)
        self.linear = nn.Linear(hidden_size, 1)

    def forward(self, input, future=0):
        outputs = []
        h1, c1 = (torch.zeros(len(input), hidden_size, dtype=dtype) for _ in range(2))
        h2, c2 = h1, c1
        output = input
        for t in range(input.shape[1] + future):
            # Once the sequence has ended, what was predicted is what comes next.
            x = input.narrow(1, t, 1) if t < input.shape[1] else output
            h1, c1 = self.lstm1(x, (h1, c1))
            h2, c2 = self.lstm2(h1, (h2, c2))
            output = self.linear(h2)
            outputs.append(output)
        return torch.cat(outputs, 1)


def main(run):
    torch.manual_seed(0)
    start = torch.randint(-4 * period, 4 * period, (count, 1))
    waves = torch.sin((torch.arange(length) + start).to(dtype) / period).to(run.device)
    input = waves[3:, :-1]
    target = waves[3:, 1:]
    test_input = waves[:3, :-1]
    test_target = waves[:3, 1:]

    seq = Sequence().to(dtype).to(run.device)
    criterion = nn.MSELoss()
    optimizer = torch.optim.LBFGS(seq.parameters(), lr=0.8)

    for step in range(run.length(8)):

        def closure():
            optimizer.zero_grad()
            loss = criterion(seq(input), target)
            loss.backward()
            return loss

        loss = optimizer.step(closure)
        run.loss(loss)
        with torch.no_grad():
            test_loss = criterion(seq(test_input), test_target).item()
        run.print(f"step {step + 1}: loss {loss.item():.6f}, test loss {test_loss:.6f}")

    with torch.no_grad():
        prediction = seq(test_input, future)
    next = torch.sin((torch.arange(length, length + future) + start[:3]).to(dtype) / period).to(run.device)
    error = criterion(prediction[:, length - 1 :], next).item()
    run.print(f"mean squared error of the next {future} points: {error:.4f}")
