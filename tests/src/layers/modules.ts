/** The modules of the records (tools/fixtures/modules.py) as cases of the gradient check: by their inputs and parameters. */
import { manualSeed, type nn, type Tensor } from "flambeau";
import {
  build,
  describeModule,
  inputsOf,
  type ModuleCase,
  moduleCases,
  outputsOf,
  seed,
} from "../records/modules.ts";
import type { Case, Input } from "../samples/index.ts";

type Fields = Record<string, unknown>;

const inputOf = (x: Tensor): Input => ({
  shape: x.shape,
  layout: "contiguous",
  values: Array.from(x.detach().dataSync(), Number),
});

/** Puts a tensor where a module, or one below it, has a parameter. */
function replace(module: nn.Module, path: string, value: Tensor): void {
  const names = path.split(".");
  const name = names.pop() as string;
  const owner = names.reduce<unknown>((at, key) => (at as Fields)[key], module);
  (owner as Fields)[name] = value;
}

/** A call of a module in training: its inputs that are leaves, then its parameters, are the inputs of the case. */
function gradientCase(c: ModuleCase): Case {
  manualSeed(seed);
  const parameters = build(c).namedParameters();
  const { leaves } = inputsOf(c);
  return {
    inputs: [...leaves, ...parameters.map(([, p]) => p)].map(inputOf),
    text: describeModule(c),
    call: (...x) => {
      const module = build(c).to(x[0].dtype).to(x[0].device);
      parameters.forEach(([path], k) => {
        replace(module, path, x[leaves.length + k]);
      });
      const given = inputsOf(c);
      let next = 0;
      const own = (input: unknown): unknown =>
        Array.isArray(input)
          ? input.map(own)
          : given.leaves.includes(input as Tensor)
            ? x[next++]
            : converted(input as Tensor, x[0]);
      const args = given.inputs.map(own);
      manualSeed(seed);
      return outputsOf(module(...args));
    },
  };
}

/** A target or index beside the inputs. */
function converted(input: Tensor, like: Tensor): Tensor {
  const { dtype, device } = like;
  return input.dtype === "float32" ? input.to({ dtype, device }) : input.to({ device });
}

/**
 * Those that are only built have no gradient, what an embedding's options make of it is none of its function's, and CTC's takes
 * a log-softmax for granted.
 */
const hasGradient = (c: ModuleCase): boolean =>
  c.inputs !== undefined &&
  c.module !== "CTCLoss" &&
  !/"(paddingIdx|maxNorm|scaleGradByFreq)"/.test(JSON.stringify(c.args));

/** Cases by the module's name. */
export const moduleGradients: Readonly<Record<string, readonly Case[]>> = moduleCases
  .filter(hasGradient)
  .reduce<Record<string, Case[]>>((found, c) => {
    found[c.module] = [...(found[c.module] ?? []), gradientCase(c)];
    return found;
  }, {});
