import type { Browser } from "playwright-core";
import type { Site } from "./server.ts";

/** What every part of the tests is given. */
export interface Surroundings {
  readonly browser: Browser;
  /** The built site, and the path under which it is served. */
  readonly folder: string;
  readonly base: string;
  /** Served with COOP and COEP, and without. */
  readonly isolated: Site;
  readonly plain: Site;
}
