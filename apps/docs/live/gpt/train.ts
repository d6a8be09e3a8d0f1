/** A transformer that learns to write the next letter of a text, and writes as it learns. */
import { F, manualSeed, multinomial, noGrad, optim, randint, stack, tensor } from "flambeau";
import type { Settings } from "../slider.ts";
import type { Training } from "../training.ts";
import { blockSize, GPT } from "./model.ts";
import type { GptShown } from "./sliders.ts";

const batchSize = 16;
/** Letters of a text that it writes. */
const textLength = 160;

export async function makeGpt(text: string, settings: Settings, device: string): Promise<Training> {
  manualSeed(1337);
  const chars = [...new Set(text)].sort();
  const data = tensor(Array.from(text, (c) => BigInt(chars.indexOf(c))));
  const model = new GPT(chars.length).to(device);
  const optimizer = new optim.AdamW(model.parameters(), { lr: settings.lr });
  let { temperature } = settings;

  /** The letter after these, drawn from the model's probabilities. */
  async function nextLetter(letters: readonly number[]): Promise<number> {
    const context = tensor([letters.slice(-blockSize).map(BigInt)]).to(device);
    model.eval();
    const logits = noGrad(() => model(context).at(0, -1));
    model.train();
    return multinomial(F.softmax(await logits.div(temperature).cpu(), 0), 1).item();
  }

  return {
    showEvery: 50,
    step() {
      const starts = randint(data.length - blockSize, [batchSize]).tolist() as number[];
      const x = stack(starts.map((i) => data.at(`${i}:${i + blockSize}`))).to(device);
      const y = stack(starts.map((i) => data.at(`${i + 1}:${i + 1 + blockSize}`))).to(device);
      const loss = F.crossEntropy(model(x).view([-1, chars.length]), y.view([-1]));
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      return loss.detach();
    },
    set(settings) {
      optimizer.paramGroups[0].lr = settings.lr;
      temperature = settings.temperature;
    },
    async *show() {
      const written = [chars.indexOf("\n")];
      for (let i = 0; i < textLength; i++) {
        const next = await nextLetter(written);
        written.push(next);
        yield { letters: chars[next], isFirst: i === 0 } satisfies GptShown;
      }
    },
  };
}
