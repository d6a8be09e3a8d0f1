/** Writes names, letter after letter, from the three letters before. After parts 2 and 3 of A. Karpathy's makemore. */
import { readFileSync } from "node:fs";
import { plotHistogram } from "@flambeau/plot";
import {
  F,
  manualSeed,
  multinomial,
  noGrad,
  randint,
  randn,
  randperm,
  type Tensor,
  tensor,
  zeros,
} from "flambeau";
import type { Run } from "../shared/run.ts";

const words = readFileSync(new URL("names.txt", import.meta.url), "utf8")
  .trim()
  .split("\n");
const chars = [".", ...[...new Set(words.join(""))].sort()];
const stoi = Object.fromEntries(chars.map((s, i) => [s, i]));

const blockSize = 3;
const batchSize = 32;
const nEmbd = 10;
const nHidden = 200;

function buildDataset(words: string[]): [Tensor, Tensor] {
  const X: number[][] = [];
  const Y: number[] = [];
  for (const w of words) {
    let context = Array<number>(blockSize).fill(0);
    for (const ch of `${w}.`) {
      const ix = stoi[ch];
      X.push(context);
      Y.push(ix);
      context = [...context.slice(1), ix];
    }
  }
  return [tensor(X, { dtype: "int64" }), tensor(Y, { dtype: "int64" })];
}

export async function main(run: Run): Promise<void> {
  manualSeed(2147483647);
  const shuffled = (await randperm(words.length).toArray<number[]>()).map((i) => words[i]);
  const n1 = Math.floor(0.8 * words.length);
  const n2 = Math.floor(0.9 * words.length);
  const [Xtr, Ytr] = buildDataset(shuffled.slice(0, n1)).map((t) => t.to(run.device));
  const [Xdev, Ydev] = buildDataset(shuffled.slice(n1, n2)).map((t) => t.to(run.device));
  const [Xte, Yte] = buildDataset(shuffled.slice(n2)).map((t) => t.to(run.device));

  const vocabSize = chars.length;
  const parameters = [
    randn([vocabSize, nEmbd]),
    randn([nEmbd * blockSize, nHidden])
      .mul(5 / 3)
      .div((nEmbd * blockSize) ** 0.5),
    randn([nHidden]).mul(0.01),
    randn([nHidden, vocabSize]).mul(0.01),
    zeros([vocabSize]),
  ].map((p) => p.to(run.device));
  const [C, W1, b1, W2, b2] = parameters;
  for (const p of parameters) p.requiresGrad = true;
  const count = parameters.reduce((sum, p) => sum + p.nelement(), 0);
  run.print(`${words.length} names, ${Xtr.length} examples, ${count} parameters`);

  function hidden(X: Tensor): Tensor {
    const emb = C.at(X);
    return emb
      .view([-1, nEmbd * blockSize])
      .matmul(W1)
      .add(b1)
      .tanh();
  }

  const length = run.length(4000);
  const { done, extra } = await run.resume({});
  if (done > 0)
    for (const [i, saved] of (extra as Tensor[]).entries()) parameters[i].data = saved.to(run.device);
  for (const step of run.steps(done, length)) {
    const ix = randint(0, Xtr.shape[0], [batchSize]);
    const [Xb, Yb] = [Xtr.at(ix), Ytr.at(ix)];

    const logits = hidden(Xb).matmul(W2).add(b2);
    const loss = F.crossEntropy(logits, Yb);
    for (const p of parameters) p.grad = null;
    loss.backward();

    const lr = step < 3000 ? 0.1 : 0.01;
    for (const p of parameters) p.detach().add_(p.grad!.mul(-lr));
    await run.loss(loss);
    if ((step + 1) % 500 === 0 || step + 1 === length) await run.save(step + 1, { extra: parameters });
  }

  async function splitLoss(X: Tensor, Y: Tensor): Promise<string> {
    const loss = noGrad(() => F.crossEntropy(hidden(X).matmul(W2).add(b2), Y));
    return (await loss.item()).toFixed(3);
  }

  run.print(
    `train ${await splitLoss(Xtr, Ytr)}, dev ${await splitLoss(Xdev, Ydev)}, test ${await splitLoss(Xte, Yte)}`,
  );

  for (let i = 0; i < 12; i++) {
    const out: number[] = [];
    let context = Array<number>(blockSize).fill(0);
    let ix: number;
    do {
      const logits = hidden(tensor([context], { dtype: "int64", device: run.device }))
        .matmul(W2)
        .add(b2);
      const probs = F.softmax(logits, 1);
      ix = await multinomial(probs, { numSamples: 1 }).item();
      context = [...context.slice(1), ix];
      out.push(ix);
    } while (ix !== 0);
    run.print(out.map((i) => chars[i]).join(""));
  }

  const title = "Activations of the hidden layer";
  const figure = await plotHistogram(hidden(Xdev), { bins: 40, range: [-1, 1], xLabel: "tanh", title });
  await run.figure("activations", figure);
}
