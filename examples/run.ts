/**
 * `npm run example NAME -- [--device webgpu] [--length N] [--resume] [--out FOLDER]`: runs one of the programs. Its loss curve,
 * pictures and checkpoint are in the folder, `examples/NAME/out` unless another is given.
 */
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { webgpu } from "flambeau";
import { Session } from "./shared/session.ts";

const here = dirname(fileURLToPath(import.meta.url));
const names = readdirSync(here).filter((name) => existsSync(join(here, name, "main.ts")));

const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: {
    device: { type: "string", default: "cpu" },
    length: { type: "string" },
    resume: { type: "boolean", default: false },
    out: { type: "string" },
  },
});

const [name] = positionals;
const length = values.length === undefined ? undefined : Number(values.length);
if (name === undefined || !names.includes(name)) {
  console.error(`usage: npm run example NAME -- [--device webgpu] [--length N] [--resume] [--out FOLDER]`);
  console.error(`NAME is one of ${names.join(", ")}`);
  process.exitCode = 2;
} else if (length !== undefined && !(Number.isInteger(length) && length > 0)) {
  console.error(`--length takes a whole number of epochs or steps from 1; got ${values.length}`);
  process.exitCode = 2;
} else {
  if (values.device === "webgpu") await webgpu.init();
  const folder = values.out ?? join(here, name, "out");
  const { device, resume } = values;
  const session = new Session({ device, resume, folder, ...(length !== undefined && { length }) });
  await session.run(name);
  console.log(`the loss curve is in ${join(folder, "loss.svg")}`);
}
