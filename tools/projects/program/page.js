// Runs the program in a page.
import { run } from "./program.js";

const lines = [];
await run((line) => lines.push(line));
document.querySelector("pre").textContent = lines.join("\n");
