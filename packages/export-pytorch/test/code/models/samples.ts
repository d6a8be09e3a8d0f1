import { manualSeed } from "flambeau";
import { networks } from "./networks.ts";
import { oddities } from "./oddities.ts";
import { programs } from "./programs.ts";
import type { Sample } from "./sample.ts";

/** All models whose code is kept, each made from the same seed. */
export const samples: Readonly<Record<string, () => Sample>> = Object.fromEntries(
  Object.entries({ ...networks(), ...programs(), ...oddities() }).map(([name, make]) => [
    name,
    () => {
      manualSeed(1);
      return make();
    },
  ]),
);
