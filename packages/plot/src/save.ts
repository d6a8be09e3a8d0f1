import { ValueError } from "@flambeau/backend";
import type { SaveTarget } from "@flambeau/files";
import type { Figure } from "./figure.ts";
import { isServer } from "./runtime.ts";

/** What a figure is saved as. */
export type FigureFormat = "svg" | "png";

const WHAT = "save";

/** See `Figure.save`. The formats are checked, and pixels drawn, before anything is written. */
export async function saveFigure(
  figure: Figure,
  target: SaveTarget,
  format: FigureFormat | undefined,
  scale: number,
): Promise<void> {
  const bytes = await bytesOf(figure, format ?? formatOf(target), scale);
  const { download, saveBytes } = await import("@flambeau/files");
  // A page has no paths: a name is that of a download.
  const isName = typeof target === "string" && !/^[a-z]{2,}:/i.test(target);
  await saveBytes(WHAT, bytes, isName && !isServer() ? download(target) : target);
}

async function bytesOf(figure: Figure, format: FigureFormat, scale: number): Promise<Uint8Array> {
  if (format === "svg") return new TextEncoder().encode(figure.svg);
  const { drawPng } = await import("./pixels.ts");
  return new Uint8Array(await (await drawPng(WHAT, figure, scale)).arrayBuffer());
}

/** By the ending of the target's name. */
function formatOf(target: SaveTarget): FigureFormat {
  const name = nameOf(target);
  const ending = /\.([^./\\]+)$/.exec(name ?? "")?.[1].toLowerCase();
  if (ending === "svg" || ending === "png") return ending;
  throw new ValueError(
    name === null
      ? `${WHAT}: the target has no name that says the format; give { format: "svg" } or { format: "png" }`
      : `${WHAT}: ${name} ends in neither .svg nor .png; give { format: "svg" } or { format: "png" }`,
  );
}

/** The name of a path, an address, a file's handle or a download; a stream has none. */
function nameOf(target: SaveTarget): string | null {
  if (typeof target === "string") return target;
  const { href, name } = target as { readonly href?: unknown; readonly name?: unknown };
  if (typeof href === "string") return href.replace(/[?#].*$/s, "");
  return typeof name === "string" ? name : null;
}
