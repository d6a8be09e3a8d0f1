/** The transformer of examples/char-gpt, after A. Karpathy's minGPT. */
import { arange, F, nn, ones, type Tensor, tril } from "flambeau";

export const blockSize = 32;
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
}
