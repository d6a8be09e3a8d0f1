/** Where the site's parts lie. */
import { join } from "node:path";
import { root } from "../../../tools/runtimes.ts";

export { root };
/** What the site shows, written by hand; the API pages are generated into its `api`. */
export const docs: string = join(root, "docs");
export const api: string = join(docs, "api");
/** The built site. */
export const site: string = join(root, "apps", "docs", "dist");
/** What the cells printed and drew when they last ran here. */
export const recordPath: string = join(root, ".cache", "docs", "cells.json");
/** And the figures among it. */
export const figuresPath: string = join(root, ".cache", "docs", "figures");
