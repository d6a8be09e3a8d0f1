/** A variational autoencoder that draws handwritten digits. After PyTorch's VAE example. */
import { loadDigits, trainTestSplit } from "@flambeau/datasets";
import { plotImages } from "@flambeau/plot";
import { cat, data, F, manualSeed, nn, noGrad, optim, randn, randnLike, type Tensor } from "flambeau";
import type { Run } from "../shared/run.ts";

const batchSize = 64;

class VAE extends nn.Module {
  fc1 = new nn.Linear(64, 128);
  fc21 = new nn.Linear(128, 8);
  fc22 = new nn.Linear(128, 8);
  fc3 = new nn.Linear(8, 128);
  fc4 = new nn.Linear(128, 64);

  encode(x: Tensor): [Tensor, Tensor] {
    const h1 = F.relu(this.fc1(x));
    return [this.fc21(h1), this.fc22(h1)];
  }

  reparameterize(mu: Tensor, logvar: Tensor): Tensor {
    const std = logvar.mul(0.5).exp();
    const eps = randnLike(std);
    return mu.add(eps.mul(std));
  }

  decode(z: Tensor): Tensor {
    const h3 = F.relu(this.fc3(z));
    return this.fc4(h3).sigmoid();
  }

  override forward(x: Tensor): [Tensor, Tensor, Tensor] {
    const [mu, logvar] = this.encode(x.view([-1, 64]));
    const z = this.reparameterize(mu, logvar);
    return [this.decode(z), mu, logvar];
  }
}

/** Reconstruction and Kullback-Leibler divergence, summed over the batch. */
function lossFunction(reconX: Tensor, x: Tensor, mu: Tensor, logvar: Tensor): Tensor {
  const BCE = F.binaryCrossEntropy(reconX, x.view([-1, 64]), { reduction: "sum" });
  const KLD = logvar.add(1).sub(mu.pow(2)).sub(logvar.exp()).sum().mul(-0.5);
  return BCE.add(KLD);
}

async function evaluate(model: VAE, loader: data.DataLoader<[Tensor]>, device: string): Promise<number> {
  using _ = noGrad();
  model.eval();
  let total = 0;
  for (let [x] of loader) {
    x = x.to(device);
    const [recon, mu, logvar] = model(x);
    total += await lossFunction(recon, x, mu, logvar).item();
  }
  return total / loader.dataset.length;
}

export async function main(run: Run): Promise<void> {
  manualSeed(1);
  const images = (await loadDigits()).images.float().div(16);
  const [XTrain, XTest] = trainTestSplit(images, { testSize: 0.2, randomState: 0 });
  const trainLoader = new data.DataLoader(new data.TensorDataset(XTrain), batchSize, true);
  const testLoader = new data.DataLoader(new data.TensorDataset(XTest), batchSize);

  const model = new VAE().to(run.device);
  const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });

  const length = run.length(60);
  const { done } = await run.resume({ model, optimizer });
  for (let epoch = done; epoch < length; epoch++) {
    model.train();
    let trainLoss = 0;
    for await (let [x] of run.batches(trainLoader, `epoch ${epoch + 1}`)) {
      x = x.to(run.device);
      optimizer.zeroGrad();
      const [recon, mu, logvar] = model(x);
      const loss = lossFunction(recon, x, mu, logvar);
      loss.backward();
      optimizer.step();
      await run.loss(loss);
      trainLoss += await loss.item();
    }
    trainLoss /= trainLoader.dataset.length;
    const testLoss = await evaluate(model, testLoader, run.device);
    run.print(`epoch ${epoch + 1}: train loss ${trainLoss.toFixed(2)}, test loss ${testLoss.toFixed(2)}`);
    await run.save(epoch + 1, { model, optimizer });
  }

  using _ = noGrad();
  const shown = XTest.at(":8").to(run.device);
  const [recon] = model(shown);
  const pairs = cat([shown, recon.view([-1, 8, 8])]);
  await run.figure(
    "reconstructions",
    await plotImages(pairs, { range: [0, 1], title: "Digits, and rebuilt" }),
  );
  const samples = model.decode(randn([64, 8]).to(run.device)).view([-1, 8, 8]);
  await run.figure("samples", await plotImages(samples, { range: [0, 1], title: "Samples" }));
}
