// Loaded with `node --import`: makes Node 20, which knows no TypeScript, run this repository's test files.
import { register } from "node:module";

register("./hooks.js", import.meta.url);
