/**
 * Runs the chapter: `npm start -- [--figures FOLDER] [--device cpu|webgpu] [--seed NUMBER]`.
 *
 * @module
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { webgpu } from "flambeau";
import { FigureFolder } from "./figures.ts";
import { Notebook } from "./notebook.ts";
import { sections } from "./sections.ts";

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    figures: { type: "string", default: "figures" },
    device: { type: "string", default: "cpu" },
    seed: { type: "string", default: "1" },
  },
});
// The CPU is always there; the GPU is set up first, or says what it takes.
if (values.device === "webgpu") await webgpu.init();
else if (values.device !== "cpu") throw new Error(`no device "${values.device}": there are cpu and webgpu`);

const folder = new FigureFolder(values.figures);
const notebook = new Notebook(
  { line: (text) => console.log(text), figure: (name, figure) => folder.write(name, figure) },
  values.device,
  Number(values.seed),
);
for (const section of sections) await section(notebook);
console.log(`\n${folder.count} figures are in ${folder.path}/`);
