/** A character-level GPT: learns to write the next letter of a text, and writes. After A. Karpathy's minGPT. */
import { readFileSync } from "node:fs";
import {
  arange,
  cat,
  F,
  manualSeed,
  multinomial,
  nn,
  noGrad,
  ones,
  optim,
  randint,
  stack,
  type Tensor,
  tensor,
  tril,
} from "flambeau";
import type { Run } from "../shared/run.ts";

const text = readFileSync(new URL("sonnets.txt", import.meta.url), "utf8");

const blockSize = 32;
const batchSize = 16;
const nEmbd = 64;
const nHead = 4;
const nLayer = 2;
const dropout = 0.1;

class CausalSelfAttention extends nn.Module {
  cAttn = new nn.Linear(nEmbd, 3 * nEmbd);
  cProj = new nn.Linear(nEmbd, nEmbd);
  declare mask: Tensor;

  constructor() {
    super();
    this.registerBuffer("mask", tril(ones([blockSize, blockSize])));
  }

  override forward(x: Tensor): Tensor {
    const [B, T, C] = x.shape;
    const [q, k, v] = this.cAttn(x)
      .split(nEmbd, 2)
      .map((part) => part.view([B, T, nHead, C / nHead]).transpose(1, 2));
    let att = q.matmul(k.transpose(-2, -1)).mul((C / nHead) ** -0.5);
    att = att.maskedFill(this.mask.at(`:${T}`, `:${T}`).eq(0), -Infinity);
    const y = F.softmax(att, -1).matmul(v);
    return this.cProj(y.transpose(1, 2).reshape([B, T, C]));
  }
}

class Block extends nn.Module {
  ln1 = new nn.LayerNorm(nEmbd);
  attn = new CausalSelfAttention();
  ln2 = new nn.LayerNorm(nEmbd);
  mlp = new nn.Sequential(
    new nn.Linear(nEmbd, 4 * nEmbd),
    new nn.GELU(),
    new nn.Linear(4 * nEmbd, nEmbd),
    new nn.Dropout(dropout),
  );

  override forward(x: Tensor): Tensor {
    x = x.add(this.attn(this.ln1(x)));
    return x.add(this.mlp(this.ln2(x)));
  }
}

export class GPT extends nn.Module {
  wte: nn.Embedding;
  wpe = new nn.Embedding(blockSize, nEmbd);
  drop = new nn.Dropout(dropout);
  h = new nn.ModuleList(Array.from({ length: nLayer }, () => new Block()));
  lnF = new nn.LayerNorm(nEmbd);
  lmHead: nn.Linear;

  constructor(vocabSize: number) {
    super();
    this.wte = new nn.Embedding(vocabSize, nEmbd);
    this.lmHead = new nn.Linear(nEmbd, vocabSize, { bias: false });
    this.apply((module) => {
      if (module instanceof nn.Linear || module instanceof nn.Embedding)
        nn.init.normal_(module.weight, { mean: 0, std: 0.02 });
      if (module instanceof nn.Linear && module.bias !== null) nn.init.zeros_(module.bias);
    });
  }

  override forward(idx: Tensor): Tensor {
    const T = idx.shape[1];
    let x = this.drop(this.wte(idx).add(this.wpe(arange(T, { dtype: "int64", device: idx.device }))));
    for (const block of this.h) x = block(x);
    return this.lmHead(this.lnF(x));
  }

  generate(idx: Tensor, count: number): Tensor {
    return noGrad(() => {
      for (let i = 0; i < count; i++) {
        const logits = (this as GPT)(idx.at(":", `${-blockSize}:`)).at(":", -1);
        const next = multinomial(F.softmax(logits, 1), 1);
        idx = cat([idx, next], 1);
      }
      return idx;
    });
  }
}

export async function main(run: Run): Promise<void> {
  manualSeed(1337);
  const chars = [...new Set(text)].sort();
  const data = tensor(Array.from(text, (c) => BigInt(chars.indexOf(c))));

  const model = new GPT(chars.length).to(run.device);
  const optimizer = new optim.AdamW(model.parameters(), { lr: 1e-3 });
  const count = [...model.parameters()].reduce((sum, p) => sum + p.numel(), 0);
  run.print(`${chars.length} characters, ${count} parameters`);

  const length = run.length(1000);
  const { done } = await run.resume({ model, optimizer });
  for (const step of run.steps(done, length)) {
    const ix = await randint(data.length - blockSize, [batchSize]).toArray<number[]>();
    const x = stack(ix.map((i) => data.at(`${i}:${i + blockSize}`))).to(run.device);
    const y = stack(ix.map((i) => data.at(`${i + 1}:${i + 1 + blockSize}`))).to(run.device);

    const logits = model(x);
    const loss = F.crossEntropy(logits.view([-1, chars.length]), y.view([-1]));
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    await run.loss(loss);
    if ((step + 1) % 100 === 0 || step + 1 === length) await run.save(step + 1, { model, optimizer });
  }

  model.eval();
  const start = tensor([[BigInt(chars.indexOf("\n"))]]).to(run.device);
  const written = await model.generate(start, 200).at(0).toArray<number[]>();
  run.print(written.map((i) => chars[i]).join(""));
}
