import torch
from torch import nn

d, w0 = 2, 20
mu, k = 2 * d, w0**2


def exact_solution(t):
    """The displacement of the damped oscillator, at rest at 1 when t is 0."""
    w = (w0**2 - d**2) ** 0.5
    phi = torch.atan(torch.tensor(-d / w))
    A = 1 / (2 * torch.cos(phi))
    return torch.exp(-d * t) * 2 * A * torch.cos(phi + w * t)


class FCN(nn.Module):
    def __init__(self, hidden=32, layers=3):
        super().__init__()
        self.fcs = nn.Sequential(nn.Linear(1, hidden), nn.Tanh())
        self.fch = nn.Sequential(
            *[nn.Sequential(nn.Linear(hidden, hidden), nn.Tanh()) for _ in range(layers - 1)]
        )
        self.fce = nn.Linear(hidden, 1)

    def forward(self, x):
        x = self.fcs(x)
        x = self.fch(x)
        return self.fce(x)


def derivative(u, t):
    return torch.autograd.grad(u, t, grad_outputs=torch.ones_like(u), create_graph=True)[0]


def main(run):
    torch.manual_seed(123)
    pinn = FCN().to(run.device)
    t_boundary = torch.tensor([[0.0]], device=run.device, requires_grad=True)
    t_physics = torch.linspace(0, 1, 30, device=run.device).view(-1, 1).requires_grad_(True)
    optimizer = torch.optim.Adam(pinn.parameters(), lr=1e-3)

    for _ in range(run.length(15000)):
        optimizer.zero_grad()
        lambda1, lambda2 = 1e-1, 1e-4

        u = pinn(t_boundary)
        loss1 = (torch.squeeze(u) - 1) ** 2
        dudt = derivative(u, t_boundary)
        loss2 = (torch.squeeze(dudt) - 0) ** 2

        u = pinn(t_physics)
        dudt = derivative(u, t_physics)
        d2udt2 = derivative(dudt, t_physics)
        loss3 = torch.mean((d2udt2 + mu * dudt + k * u) ** 2)

        loss = loss1 + lambda1 * loss2 + lambda2 * loss3
        loss.backward()
        optimizer.step()
        run.loss(loss)

    t_test = torch.linspace(0, 1, 300).view(-1, 1)
    u_exact = exact_solution(t_test)
    with torch.no_grad():
        u = pinn(t_test.to(run.device)).cpu()
    error = (u - u_exact).abs()
    run.print(f"error: mean {error.mean().item():.4f}, largest {error.max().item():.4f}")
