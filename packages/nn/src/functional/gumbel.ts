import { quote, ValueError } from "@flambeau/backend";
import { type Callable, callable, type Tensor, zerosLike } from "@flambeau/tensor";

const SIGNATURE =
  "gumbelSoftmax(logits: tensor, tau: number = 1, hard: bool = false, eps: number = 1e-10, dim: int = -1)";

/**
 * A sample from the Gumbel-softmax distribution of unnormalized log-probabilities, along `dim`: nearer to one-hot the smaller the temperature
 * `tau`. With `hard` it is one-hot, and has the gradient of the soft sample. `eps` has no effect, as in PyTorch. Source: Jang et al.
 * 2016, "Categorical Reparameterization with Gumbel-Softmax".
 *
 * @param hard - give one-hot samples.
 * @throws ValueError when `tau` is not above 0.
 *
 * @example
 * ```ts
 * import { F, manualSeed, zeros } from "flambeau";
 *
 * manualSeed(0);
 * console.log(String(F.gumbelSoftmax(zeros([2, 3]), { hard: true }).sum(-1)));
 * // tensor([1., 1.])
 * ```
 */
export const gumbelSoftmax: Callable<typeof SIGNATURE, Tensor> = callable(
  SIGNATURE,
  (logits, tau, hard, _eps, dim) => {
    if (!(tau > 0)) throw new ValueError(`gumbelSoftmax: tau is above 0; got ${quote(tau)}`);
    // The numbers are drawn in the order of the elements, however the logits lie in memory.
    const noise = logits.detach().newEmpty(logits.shape).exponential_().log().neg();
    const soft = logits.add(noise).div(tau).softmax(dim);
    if (!hard) return soft;
    const index = soft.detach().max(dim, true).indices;
    return zerosLike(soft.detach()).scatter(dim, index, 1).sub(soft.detach()).add(soft);
  },
);
