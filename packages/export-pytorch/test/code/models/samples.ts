import { networks } from "./networks.ts";
import type { Sample } from "./sample.ts";

/** All models whose code is kept. */
export const samples: Readonly<Record<string, () => Sample>> = networks();
