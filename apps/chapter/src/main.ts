/**
 * Runs the chapter: `npm start -- [--figures FOLDER] [--device NAME] [--seed NUMBER]`.
 *
 * @module
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { FigureFolder } from "./figures.ts";
import { Notebook } from "./notebook.ts";
import { isReady } from "./s2-tensors.ts";
import { sections } from "./sections.ts";

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    figures: { type: "string", default: "figures" },
    device: { type: "string", default: "cpu" },
    seed: { type: "string", default: "1" },
  },
});
if (!isReady(values.device)) throw new Error(`no device "${values.device}" here`);

const folder = new FigureFolder(values.figures);
const notebook = new Notebook(
  { line: (text) => console.log(text), figure: (name, figure) => folder.write(name, figure) },
  values.device,
  Number(values.seed),
);
for (const section of sections) await section(notebook);
console.log(`\n${folder.count} figures are in ${folder.path}/`);
