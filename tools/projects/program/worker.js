import { run } from "./program.js";

const lines = [];
await run((line) => lines.push(line));
postMessage(lines.join("\n"));
