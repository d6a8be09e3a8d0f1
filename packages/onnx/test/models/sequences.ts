import { arange, einsum, F, nn, ones, stack, type Tensor, tensor, tril, zeros } from "flambeau";
import { wave } from "../runtime.ts";
import { BATCH, type Model, type Models, SEQUENCE } from "./model.ts";

const tokens = (batch: number, time: number): Tensor =>
  tensor(
    Array.from({ length: batch }, (_, i) =>
      Array.from({ length: time }, (_, j) => BigInt((i * 5 + j * 3) % 11)),
    ),
  );
const sequence = (make: () => nn.Module, size = 4): Model => ({
  make,
  inputs: (batch, time) => [wave([batch, time, size])],
  axes: [SEQUENCE],
});
const words = (make: () => nn.Module): Model => ({
  make,
  inputs: (batch, time) => [tokens(batch, time)],
  axes: [SEQUENCE],
});

class CausalSelfAttention extends nn.Module {
  cAttn = new nn.Linear(16, 48);
  cProj = new nn.Linear(16, 16);
  declare mask: Tensor;
  constructor() {
    super();
    this.registerBuffer("mask", tril(ones([12, 12])));
  }
  override forward(x: Tensor): Tensor {
    const [B, T, C] = x.shape;
    const [q, k, v] = this.cAttn(x)
      .split(16, 2)
      .map((part) => part.view([B, T, 2, C / 2]).transpose(1, 2));
    let att = q.matmul(k.transpose(-2, -1)).mul((C / 2) ** -0.5);
    att = att.maskedFill(this.mask.at(`:${T}`, `:${T}`).eq(0), -Infinity);
    const y = F.softmax(att, -1).matmul(v);
    return this.cProj(y.transpose(1, 2).reshape([B, T, C]));
  }
}

class Block extends nn.Module {
  ln1 = new nn.LayerNorm(16);
  attn = new CausalSelfAttention();
  ln2 = new nn.LayerNorm(16);
  mlp = new nn.Sequential(new nn.Linear(16, 32), new nn.GELU(), new nn.Linear(32, 16), new nn.Dropout(0.1));
  override forward(x: Tensor): Tensor {
    x = x.add(this.attn(this.ln1(x)));
    return x.add(this.mlp(this.ln2(x)));
  }
}

class GPT extends nn.Module {
  wte = new nn.Embedding(11, 16);
  wpe = new nn.Embedding(12, 16);
  drop = new nn.Dropout(0.1);
  h = new nn.ModuleList([new Block(), new Block()]);
  lnF = new nn.LayerNorm(16);
  lmHead = new nn.Linear(16, 11, { bias: false });
  override forward(idx: Tensor): Tensor {
    const T = idx.shape[1];
    let x = this.drop(this.wte(idx).add(this.wpe(arange(T, { dtype: "int64", device: idx.device }))));
    for (const block of this.h) x = block(x);
    return this.lmHead(this.lnF(x));
  }
}

class Llama extends nn.Module {
  embed = new nn.Embedding(11, 16);
  norm = new nn.RMSNorm(16);
  qkv = new nn.Linear(16, 32, { bias: false });
  gate = new nn.Linear(16, 24, { bias: false });
  up = new nn.Linear(16, 24, { bias: false });
  down = new nn.Linear(24, 16, { bias: false });
  override forward(idx: Tensor): Tensor {
    const x = this.embed(idx);
    const [B, T] = idx.shape;
    const parts = this.qkv(this.norm(x)).split([16, 8, 8], -1);
    const [q, k, v] = parts.map((part, i) => part.reshape([B, T, i === 0 ? 4 : 2, 4]).transpose(1, 2));
    const angles = arange(T)
      .unsqueeze(1)
      .mul(tensor([1, 0.1]));
    const [cos, sin] = [angles.cos(), angles.sin()];
    const turn = (y: Tensor): Tensor => {
      const [a, b] = y.chunk(2, -1);
      return stack([a.mul(cos).sub(b.mul(sin)), a.mul(sin).add(b.mul(cos))], -1).flatten(-2);
    };
    const y = F.scaledDotProductAttention(turn(q), turn(k), v, { isCausal: true, enableGqa: true });
    const h = x.add(y.transpose(1, 2).reshape([B, T, 16]));
    return h.add(this.down(F.silu(this.gate(h)).mul(this.up(h))));
  }
}

class Recurrent extends nn.Module {
  rnn: nn.Module;
  head: nn.Linear;
  constructor(rnn: nn.Module, size: number) {
    super();
    this.rnn = rnn;
    this.head = new nn.Linear(size, 3);
  }
  override forward(x: Tensor): unknown {
    const [y, state] = (this.rnn as unknown as (x: Tensor) => [Tensor, Tensor | Tensor[]])(x);
    return [this.head(y), state];
  }
}

class Names extends nn.Module {
  embed = new nn.Embedding(11, 6);
  lstm = new nn.LSTM(6, 8, 2, { dropout: 0.1, batchFirst: true });
  head = new nn.Linear(8, 11);
  override forward(x: Tensor, h: Tensor, c: Tensor): unknown {
    const [y, state] = this.lstm(this.embed(x), [h, c]);
    return [this.head(y.at(":", -1)), state];
  }
}

class Cells extends nn.Module {
  lstm1 = new nn.LSTMCell(4, 6);
  lstm2 = new nn.LSTMCell(6, 6);
  gru = new nn.GRUCell(6, 5);
  rnn = new nn.RNNCell(5, 3);
  override forward(x: Tensor): Tensor {
    let [h1, c1] = [zeros([x.shape[0], 6]), zeros([x.shape[0], 6])];
    let [h2, c2] = [h1, c1];
    const outputs: Tensor[] = [];
    for (const step of x.unbind(1)) {
      [h1, c1] = this.lstm1(step, [h1, c1]);
      [h2, c2] = this.lstm2(h1, [h2, c2]);
      outputs.push(this.rnn(this.gru(h2)));
    }
    return stack(outputs, 1);
  }
}

class AttentionClassifier extends nn.Module {
  embed = new nn.Embedding(11, 8, { paddingIdx: 0 });
  gru = new nn.GRU(8, 6, { batchFirst: true, bidirectional: true });
  score = new nn.Linear(12, 1);
  head = new nn.Linear(12, 2);
  override forward(x: Tensor): Tensor {
    const [y] = this.gru(this.embed(x));
    const scores = this.score(y).squeeze(-1).maskedFill(x.eq(0), -Infinity);
    const context = scores.softmax(1).unsqueeze(1).bmm(y).squeeze(1);
    return this.head(context);
  }
}

class Attending extends nn.Module {
  attention = new nn.MultiheadAttention(8, 2, { batchFirst: true });
  override forward(q: Tensor, k: Tensor): unknown {
    return this.attention(q, k, k);
  }
}

class Encoder extends nn.Module {
  encoder = new nn.TransformerEncoder(
    new nn.TransformerEncoderLayer(8, 2, 16, { dropout: 0.1, batchFirst: true, normFirst: true }),
    2,
  );
  override forward(x: Tensor): Tensor {
    return this.encoder(x);
  }
}

class Decoder extends nn.Module {
  decoder = new nn.TransformerDecoder(new nn.TransformerDecoderLayer(8, 2, 16, { batchFirst: true }), 2);
  override forward(x: Tensor, memory: Tensor): Tensor {
    const T = x.shape[1];
    const mask = ones([T, T], { dtype: "bool" }).triu(1);
    return this.decoder(x, memory, { tgtMask: mask });
  }
}

class Whole extends nn.Module {
  transformer = new nn.Transformer({
    dModel: 8,
    nhead: 2,
    numEncoderLayers: 1,
    numDecoderLayers: 1,
    dimFeedforward: 16,
    batchFirst: true,
  });
  override forward(x: Tensor, y: Tensor): Tensor {
    return this.transformer(x, y);
  }
}

class Convolutional extends nn.Module {
  conv1 = new nn.Conv1d(4, 8, 3, { padding: 2, dilation: 2 });
  conv2 = new nn.Conv1d(8, 8, 3, { padding: "same" });
  up = new nn.ConvTranspose1d(8, 4, 2, { stride: 2 });
  override forward(x: Tensor): Tensor {
    const y = F.glu(this.conv2(F.elu(this.conv1(x.transpose(1, 2)))), 1);
    const z = this.up(F.pad(y, [1, 0]).repeat([1, 2, 1]));
    return F.avgPool1d(z, 2).transpose(1, 2);
  }
}

class Indexing extends nn.Module {
  override forward(x: Tensor): Tensor[] {
    const [B, T] = x.shape;
    const last = x.at(":", -1);
    const shifted = zeros([B, T, 4]);
    shifted.set([":", "1:"], x.at(":", ":-1"));
    const positions = arange(T).div(T).view([1, T, 1]).expand([B, -1, -1]);
    return [
      last,
      shifted,
      x.sub(positions),
      x.flip([1]).cumsum(1),
      einsum("btc,bsc->bts", x, shifted),
      x.at(":", "::2"),
    ];
  }
}

export const sequenceModels: Models = {
  GPT: words(() => new GPT()),
  "Llama's block": words(() => new Llama()),
  LSTM: sequence(() => new Recurrent(new nn.LSTM(4, 6, { batchFirst: true }), 6)),
  "stacked bidirectional LSTM": sequence(
    () => new Recurrent(new nn.LSTM(4, 6, 2, { batchFirst: true, bidirectional: true }), 12),
  ),
  GRU: sequence(() => new Recurrent(new nn.GRU(4, 6, { batchFirst: true }), 6)),
  "stacked bidirectional GRU": sequence(
    () => new Recurrent(new nn.GRU(4, 6, 2, { batchFirst: true, bidirectional: true, bias: false }), 12),
  ),
  RNN: sequence(() => new Recurrent(new nn.RNN(4, 6, { batchFirst: true }), 6)),
  "RNN of relu, time first": {
    make: () => new Recurrent(new nn.RNN(4, 6, 2, { nonlinearity: "relu", bidirectional: true }), 12),
    inputs: (batch, time) => [wave([time, batch, 4])],
    axes: [{ 0: "time", 1: "batch" }],
  },
  "LSTM with initial states": {
    make: () => new Names(),
    inputs: (batch, time) => [
      tokens(batch, time),
      wave([2, batch, 8]),
      wave([2, batch, 8], "float32", -1, 1),
    ],
    axes: [SEQUENCE, { 1: "batch" }, { 1: "batch" }],
  },
  "recurrent cells": {
    make: () => new Cells(),
    inputs: (batch) => [wave([batch, 5, 4])],
    axes: [BATCH],
  },
  "attention classifier": words(() => new AttentionClassifier()),
  MultiheadAttention: {
    make: () => new Attending(),
    inputs: (batch, time) => [wave([batch, time, 8]), wave([batch, time + 2, 8])],
    axes: [SEQUENCE, { 0: "batch", 1: "keys" }],
  },
  "Transformer encoder": sequence(() => new Encoder(), 8),
  "Transformer decoder": {
    make: () => new Decoder(),
    inputs: (batch, time) => [wave([batch, time, 8]), wave([batch, time + 1, 8])],
    axes: [SEQUENCE, { 0: "batch", 1: "memory" }],
  },
  Transformer: {
    make: () => new Whole(),
    inputs: (batch, time) => [wave([batch, time, 8]), wave([batch, time + 1, 8])],
    axes: [SEQUENCE, { 0: "batch", 1: "target" }],
  },
  "convolutions over time": sequence(() => new Convolutional()),
  "indices of sequences": sequence(() => new Indexing()),
};
