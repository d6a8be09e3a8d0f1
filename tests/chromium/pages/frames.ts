/** What a frame of the page made is taken as the page's own. */
import { fromNpy, fromNumpy, nn, optim, tensor, toNpy } from "flambeau";
import { check, ensure, finish } from "./checks.ts";

interface Frame extends HTMLElement {
  readonly contentWindow: {
    readonly Float32Array: Float32ArrayConstructor;
    readonly Uint8Array: Uint8ArrayConstructor;
    readonly JSON: JSON;
  };
}
interface HTMLElement {
  append(child: HTMLElement): void;
}
const { document } = globalThis as unknown as {
  document: { readonly body: HTMLElement; createElement(tag: string): Frame };
};
const frame = document.createElement("iframe");
document.body.append(frame);
const theirs = frame.contentWindow;

await check("a frame's typed arrays", () => {
  const array = new theirs.Float32Array([1, 2, 3]);
  ensure(!(array instanceof Float32Array), "it is the page's own");
  ensure(String(tensor(array)) === "tensor([1., 2., 3.])", "another tensor");
  fromNumpy(array).mul_(2);
  ensure(array[2] === 6, "the memory is not shared");
});

await check("a frame's bytes of a file", async () => {
  const bytes = theirs.Uint8Array.from(await toNpy(tensor([[1, 2]])));
  ensure(String(fromNpy(bytes)) === "tensor([[1., 2.]])", "another tensor");
});

await check("a frame's objects and arrays", () => {
  const parse = (text: string): never => theirs.JSON.parse(text) as never;
  ensure(!((parse("{}") as unknown) instanceof Object), "it is the page's own");
  ensure(new nn.Linear(2, 1, parse('{ "bias": false }')).parameters().length === 1, "options");
  const x = tensor(parse("[1, 2]"), { requiresGrad: true });
  const loss = x.square().sum();
  loss.backward(parse('{ "retainGraph": true }'));
  loss.backward();
  ensure(String(x.grad) === "tensor([4., 8.])", `the gradient is ${x.grad}`);
  ensure(tensor([1, 2, 3, 4]).view(parse("[2, 2]")).ndim === 2, "a shape");
  const optimizer = new optim.SGD([x], { lr: 0.1 });
  optimizer.loadStateDict(parse(JSON.stringify(optimizer.stateDict()).replace("0.1", "0.2")));
  ensure(optimizer.paramGroups[0].lr === 0.2, "a state dict");
});
finish();
