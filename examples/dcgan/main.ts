/** Two networks of convolutions, of which one learns to draw digits and the other to tell them from real ones. After PyTorch's DCGAN tutorial. */
import { loadDigits } from "@flambeau/datasets";
import { plotImages } from "@flambeau/plot";
import { F, manualSeed, nn, noGrad, onesLike, optim, randint, randn, zerosLike } from "flambeau";
import type { Run } from "../shared/run.ts";

const batchSize = 128;
const nz = 100;
const ngf = 32;
const ndf = 32;

function weightsInit(m: nn.Module): void {
  if (m instanceof nn.Conv2d || m instanceof nn.ConvTranspose2d) {
    nn.init.normal_(m.weight, 0, 0.02);
  } else if (m instanceof nn.BatchNorm2d) {
    nn.init.normal_(m.weight!, 1, 0.02);
    nn.init.zeros_(m.bias!);
  }
}

/** From nz x 1 x 1 to 1 x 16 x 16. */
function generator() {
  return new nn.Sequential(
    new nn.ConvTranspose2d(nz, ngf * 2, 4, 1, 0, { bias: false }),
    new nn.BatchNorm2d(ngf * 2),
    new nn.ReLU(),
    new nn.ConvTranspose2d(ngf * 2, ngf, 4, 2, 1, { bias: false }),
    new nn.BatchNorm2d(ngf),
    new nn.ReLU(),
    new nn.ConvTranspose2d(ngf, 1, 4, 2, 1, { bias: false }),
    new nn.Tanh(),
  );
}

/** From 1 x 16 x 16 to 1 x 1 x 1. */
function discriminator() {
  return new nn.Sequential(
    new nn.Conv2d(1, ndf, 4, 2, 1, { bias: false }),
    new nn.LeakyReLU(0.2),
    new nn.Conv2d(ndf, ndf * 2, 4, 2, 1, { bias: false }),
    new nn.BatchNorm2d(ndf * 2),
    new nn.LeakyReLU(0.2),
    new nn.Conv2d(ndf * 2, 1, 4, 1, 0, { bias: false }),
    new nn.Sigmoid(),
  );
}

export async function main(run: Run): Promise<void> {
  manualSeed(999);
  const digits = (await loadDigits()).images.float().unsqueeze(1).div(8).sub(1);
  const images = F.interpolate(digits, 16, { mode: "bilinear" });

  const netG = generator().to(run.device);
  netG.apply(weightsInit);
  const netD = discriminator().to(run.device);
  netD.apply(weightsInit);
  const optimizerD = new optim.Adam(netD.parameters(), { lr: 0.0002, betas: [0.5, 0.999] });
  const optimizerG = new optim.Adam(netG.parameters(), { lr: 0.0002, betas: [0.5, 0.999] });
  const criterion = new nn.BCELoss();
  const fixedNoise = randn([64, nz, 1, 1]).to(run.device);

  const { done, extra } = await run.resume({ model: netG, optimizer: optimizerG });
  if (done > 0) {
    const saved = extra as Extra;
    netD.loadStateDict(saved.netD);
    optimizerD.loadStateDict(saved.optimizerD);
  }
  const length = run.length(900);
  for (const step of run.steps(done, length)) {
    // The discriminator: log(D(x)) + log(1 - D(G(z)))
    netD.zeroGrad();
    const real = images.at(randint(0, images.length, [batchSize])).to(run.device);
    const output = netD(real).view([-1]);
    const errReal = criterion(output, onesLike(output));
    errReal.backward();
    const fake = netG(randn([batchSize, nz, 1, 1]).to(run.device));
    const outputFake = netD(fake.detach()).view([-1]);
    const errFake = criterion(outputFake, zerosLike(outputFake));
    errFake.backward();
    const errD = errReal.add(errFake);
    optimizerD.step();

    // The generator: log(D(G(z)))
    netG.zeroGrad();
    const judged = netD(fake).view([-1]);
    const errG = criterion(judged, onesLike(judged));
    errG.backward();
    optimizerG.step();
    await run.loss(errD.add(errG));

    if ((step + 1) % 100 === 0 || step + 1 === length) {
      const numbers = [errD, errG, output.mean(), outputFake.mean(), judged.mean()];
      const [d, g, x, before, after] = await Promise.all(
        numbers.map(async (t) => (await t.item()).toFixed(3)),
      );
      run.print(`step ${step + 1}: loss of D ${d}, of G ${g}, D(x) ${x}, D(G(z)) ${before} / ${after}`);
      const extra: Extra = { netD: netD.stateDict(), optimizerD: optimizerD.stateDict() };
      await run.save(step + 1, { model: netG, optimizer: optimizerG, extra });
    }
  }

  const samples = await noGrad(() => netG(fixedNoise)).cpu();
  await run.figure("samples", await plotImages(samples, { range: [-1, 1] }));
}

/** What a run goes on from, beside the generator and its optimizer. */
interface Extra {
  netD: nn.StateDict;
  optimizerD: ReturnType<optim.Adam["stateDict"]>;
}
