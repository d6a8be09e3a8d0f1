/** Objects for the console, with formatters installed; ../console.ts looks at what DevTools get of them. */
import { installDevtoolsFormatters, nn, optim, summary, tensor } from "flambeau";
import { finish } from "./checks.ts";

const model = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU());

const shown: Readonly<Record<string, object>> = {
  matrix: tensor([
    [1, 2],
    [3, 4],
  ]),
  parameter: new nn.Parameter(tensor([1, 2])),
  layer: model.at(0),
  model,
  optimizer: new optim.SGD(model.parameters(), { lr: 0.1 }),
  summary: summary(model, [2]),
};
Object.assign(globalThis, { shown });
installDevtoolsFormatters();
finish();
