import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { plot } from "flambeau";

/** Writes figures into a folder, which it makes where there is none. */
export class FigureFolder {
  readonly path: string;
  /** How many figures it has written. */
  count = 0;

  constructor(path: string) {
    this.path = path;
  }

  async write(name: string, figure: plot.Figure): Promise<void> {
    await mkdir(this.path, { recursive: true });
    await writeFile(join(this.path, name), `${figure.svg}\n`);
    this.count++;
  }
}
