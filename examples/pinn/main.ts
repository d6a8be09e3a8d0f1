/** A network that learns the motion of a damped oscillator from its equation alone. After B. Moseley's PINN tutorial. */
import { plotLines } from "@flambeau/plot";
import { grad, linspace, manualSeed, nn, noGrad, onesLike, optim, type Tensor, tensor } from "flambeau";
import type { Run } from "../shared/run.ts";

const [d, w0] = [2, 20];
const [mu, k] = [2 * d, w0 ** 2];

/** The displacement of the damped oscillator, at rest at 1 when t is 0. */
function exactSolution(t: Tensor): Tensor {
  const w = (w0 ** 2 - d ** 2) ** 0.5;
  const phi = tensor(-d / w).atan();
  const A = phi.cos().mul(2).reciprocal();
  return t
    .mul(-d)
    .exp()
    .mul(2)
    .mul(A)
    .mul(phi.add(t.mul(w)).cos());
}

class FCN extends nn.Module {
  fcs: nn.Sequential;
  fch: nn.Sequential;
  fce: nn.Linear;

  constructor(hidden = 32, layers = 3) {
    super();
    this.fcs = new nn.Sequential(new nn.Linear(1, hidden), new nn.Tanh());
    this.fch = new nn.Sequential(
      ...Array.from(
        { length: layers - 1 },
        () => new nn.Sequential(new nn.Linear(hidden, hidden), new nn.Tanh()),
      ),
    );
    this.fce = new nn.Linear(hidden, 1);
  }

  override forward(x: Tensor): Tensor {
    x = this.fcs(x);
    x = this.fch(x);
    return this.fce(x);
  }
}

function derivative(u: Tensor, t: Tensor): Tensor {
  return grad(u, t, { gradOutputs: onesLike(u), createGraph: true })[0];
}

export async function main(run: Run): Promise<void> {
  manualSeed(123);
  const pinn = new FCN().to(run.device);
  const tBoundary = tensor([[0]], { device: run.device, requiresGrad: true });
  const tPhysics = linspace(0, 1, 30, { device: run.device }).view([-1, 1]).requiresGrad_(true);
  const optimizer = new optim.Adam(pinn.parameters(), { lr: 1e-3 });

  const length = run.length(15000);
  const { done } = await run.resume({ model: pinn, optimizer });
  for (const step of run.steps(done, length)) {
    optimizer.zeroGrad();
    const [lambda1, lambda2] = [1e-1, 1e-4];

    let u = pinn(tBoundary);
    const loss1 = u.squeeze().sub(1).pow(2);
    let dudt = derivative(u, tBoundary);
    const loss2 = dudt.squeeze().sub(0).pow(2);

    u = pinn(tPhysics);
    dudt = derivative(u, tPhysics);
    const d2udt2 = derivative(dudt, tPhysics);
    const loss3 = d2udt2.add(dudt.mul(mu)).add(u.mul(k)).pow(2).mean();

    const loss = loss1.add(loss2.mul(lambda1)).add(loss3.mul(lambda2));
    loss.backward();
    optimizer.step();
    await run.loss(loss);
    if ((step + 1) % 1000 === 0 || step + 1 === length) await run.save(step + 1, { model: pinn, optimizer });
  }

  const tTest = linspace(0, 1, 300).view([-1, 1]);
  const uExact = exactSolution(tTest);
  const u = await noGrad(() => pinn(tTest.to(run.device))).cpu();
  const error = u.sub(uExact).abs();
  const [mean, largest] = [await error.mean().item(), await error.max().item()];
  run.print(`error: mean ${mean.toFixed(4)}, largest ${largest.toFixed(4)}`);

  const labels = { labels: ["exact", "network"], xLabel: "t", yLabel: "u", title: "A damped oscillator" };
  await run.figure("solution", await plotLines([uExact.view([-1]), u.view([-1])], tTest.view([-1]), labels));
}
