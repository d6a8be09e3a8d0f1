/** All that is measured from outside of the libraries' processes. */
import type { Probe } from "./work.ts";
import { probes as download } from "./works/download.ts";
import { probes as firstResult } from "./works/first-result.ts";

export const probes: readonly Probe[] = [...firstResult, ...download];
