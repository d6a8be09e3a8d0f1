/** Writes every callable of Flambeau with its name in PyTorch, and a module of every class with its constructor there: for check_names.py. */
import { writeFileSync } from "node:fs";
import { callables } from "../code/callables.ts";
import { constructors } from "../code/constructors.ts";

const [path] = process.argv.slice(2);
const names = callables().map(({ signature, target, params }) => ({
  signature,
  target: target ?? null,
  params,
}));
writeFileSync(path, JSON.stringify({ names, constructors: constructors() }));
