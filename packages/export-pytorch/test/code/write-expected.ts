/** Writes the kept files anew: `node --conditions=@flambeau/source packages/export-pytorch/test/code/write-expected.ts`. */
import { writeFileSync } from "node:fs";
import { emitModel } from "@flambeau/export-pytorch";
import { constructors } from "./constructors.ts";
import { samples } from "./models/samples.ts";

const folder = new URL("expected/", import.meta.url);
for (const [name, make] of Object.entries(samples)) {
  const { model, ...options } = make();
  writeFileSync(new URL(`${name}.py`, folder), emitModel(model, options).source);
}
const lines = constructors().map(({ source }) => source);
writeFileSync(new URL("constructors.txt", folder), `${lines.join("\n")}\n`);
