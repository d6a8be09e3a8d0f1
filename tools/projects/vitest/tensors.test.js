import { expect, test } from "vitest";
import { cases } from "./cases.js";

for (const [name, holds] of cases(expect)) test(name, holds);
