import { differing } from "./cases.js";

for (const [name, fails] of differing(expect)) test(name, fails);
