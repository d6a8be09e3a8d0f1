import { noGrad } from "@flambeau/autograd";
import { type Tensor, zerosLike } from "@flambeau/tensor";

/** A step of Adam with PyTorch's defaults (Kingma and Ba 2014), as this package comes before the optimizers'. */
export function adamStep(parameters: readonly Tensor[], lr = 1e-3): () => void {
  const states = parameters.map((p) => ({ p, m: zerosLike(p.detach()), v: zerosLike(p.detach()) }));
  let t = 0;
  return () => {
    t++;
    noGrad(() => {
      for (const { p, m, v } of states) {
        const g = p.grad as Tensor;
        m.mul_(0.9).add_(g.mul(0.1));
        v.mul_(0.999).add_(g.square().mul(0.001));
        const root = v
          .div(1 - 0.999 ** t)
          .sqrt()
          .add(1e-8);
        p.sub_(m.mul(lr / (1 - 0.9 ** t)).div(root));
      }
    });
  };
}
