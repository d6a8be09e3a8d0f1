import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional as F

batch_size = 128
nz = 100
ngf = 32
ndf = 32


def weights_init(m):
    if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(m.weight, 0.0, 0.02)
    elif isinstance(m, nn.BatchNorm2d):
        nn.init.normal_(m.weight, 1.0, 0.02)
        nn.init.zeros_(m.bias)


def generator():
    """From nz x 1 x 1 to 1 x 16 x 16."""
    return nn.Sequential(
        nn.ConvTranspose2d(nz, ngf * 2, 4, 1, 0, bias=False),
        nn.BatchNorm2d(ngf * 2),
        nn.ReLU(),
        nn.ConvTranspose2d(ngf * 2, ngf, 4, 2, 1, bias=False),
        nn.BatchNorm2d(ngf),
        nn.ReLU(),
        nn.ConvTranspose2d(ngf, 1, 4, 2, 1, bias=False),
        nn.Tanh(),
    )


def discriminator():
    """From 1 x 16 x 16 to 1 x 1 x 1."""
    return nn.Sequential(
        nn.Conv2d(1, ndf, 4, 2, 1, bias=False),
        nn.LeakyReLU(0.2),
        nn.Conv2d(ndf, ndf * 2, 4, 2, 1, bias=False),
        nn.BatchNorm2d(ndf * 2),
        nn.LeakyReLU(0.2),
        nn.Conv2d(ndf * 2, 1, 4, 1, 0, bias=False),
        nn.Sigmoid(),
    )


def main(run):
    torch.manual_seed(999)
    digits = torch.tensor(load_digits().images, dtype=torch.float32).unsqueeze(1) / 8 - 1
    images = F.interpolate(digits, 16, mode="bilinear")

    net_g = generator().to(run.device)
    net_g.apply(weights_init)
    net_d = discriminator().to(run.device)
    net_d.apply(weights_init)
    optimizer_d = torch.optim.Adam(net_d.parameters(), lr=0.0002, betas=(0.5, 0.999))
    optimizer_g = torch.optim.Adam(net_g.parameters(), lr=0.0002, betas=(0.5, 0.999))
    criterion = nn.BCELoss()
    fixed_noise = torch.randn(64, nz, 1, 1).to(run.device)

    length = run.length(900)
    for step in range(length):
        # The discriminator: log(D(x)) + log(1 - D(G(z)))
        net_d.zero_grad()
        real = images[torch.randint(0, len(images), (batch_size,))].to(run.device)
        output = net_d(real).view(-1)
        err_real = criterion(output, torch.ones_like(output))
        err_real.backward()
        fake = net_g(torch.randn(batch_size, nz, 1, 1).to(run.device))
        output_fake = net_d(fake.detach()).view(-1)
        err_fake = criterion(output_fake, torch.zeros_like(output_fake))
        err_fake.backward()
        err_d = err_real + err_fake
        optimizer_d.step()

        # The generator: log(D(G(z)))
        net_g.zero_grad()
        judged = net_d(fake).view(-1)
        err_g = criterion(judged, torch.ones_like(judged))
        err_g.backward()
        optimizer_g.step()
        run.loss(err_d + err_g)

        if (step + 1) % 100 == 0 or step + 1 == length:
            run.print(
                f"step {step + 1}: loss of D {err_d.item():.3f}, of G {err_g.item():.3f}, "
                f"D(x) {output.mean().item():.3f}, D(G(z)) {output_fake.mean().item():.3f} / {judged.mean().item():.3f}"
            )
