// Runs the program on Node, Bun or Deno.
import { run } from "./program.js";

run(console.log);
