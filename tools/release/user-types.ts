// A user's TypeScript, checked against the declarations in the tarballs. It is never run.
import type { DType } from "@flambeau/backend";
import { nn, optim, type Tensor, tensor } from "flambeau";

class Net extends nn.Module {
  linear: nn.Linear = new nn.Linear(2, 1);
  override forward(x: Tensor): Tensor {
    return this.linear(x).sigmoid();
  }
}

const net = new Net();
const dtype: DType = "float32";
const out: Tensor = net(tensor([[1, 2]], { dtype }));
const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
out.sum().backward();
optimizer.step();
// @ts-expect-error: a shape is an array of numbers.
out.reshape("2");
export const value: Promise<number> = out.item();
