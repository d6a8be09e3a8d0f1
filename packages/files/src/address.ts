/** What a string given as a file stands for. */
import { ValueError } from "@flambeau/backend";
import { here, serverProcess } from "./runtime/api.ts";
import { node } from "./runtime/node.ts";

/** Where a file is. */
export type Address =
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "opfs"; readonly path: string }
  | { readonly kind: "hf"; readonly path: string }
  | { readonly kind: "url"; readonly url: string };

/**
 * On Node, Bun and Deno a text without a scheme is a path; in a page it is an address relative to it, as in `fetch`.
 *
 * @throws ValueError when the scheme is none that can be read.
 */
export async function parseAddress(what: string, text: string): Promise<Address> {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(text)?.[1].toLowerCase();
  switch (scheme) {
    case "opfs":
    case "hf":
      return { kind: scheme, path: text };
    case "http":
    case "https":
      return { kind: "url", url: checked(what, text) };
    case "data":
    case "blob":
      return { kind: "url", url: text };
    case "file":
      if (serverProcess() === undefined)
        throw new ValueError(
          `${what}: a browser opens no "${text}"; take a File from an <input type="file">`,
        );
      return { kind: "path", path: await pathOf(what, text) };
  }
  if (text === "") throw new ValueError(`${what}: the path is empty`);
  if (scheme !== undefined && text.startsWith("//", scheme.length + 1))
    throw new ValueError(
      `${what}: "${scheme}:" cannot be opened; http:, https:, file:, data:, blob:, hf: and opfs: can`,
    );
  if (serverProcess() !== undefined) return { kind: "path", path: text };
  const base = (globalThis as { readonly location?: { readonly href: string } }).location?.href;
  try {
    return { kind: "url", url: new here.URL(text, base).href };
  } catch {
    throw new ValueError(
      `${what}: "${text}" is no address, and there are no paths in this runtime; write "opfs:${text}" for a private file of the page's`,
    );
  }
}

function checked(what: string, url: string): string {
  try {
    return new here.URL(url).href;
  } catch {
    throw new ValueError(`${what}: "${url}" is no address`);
  }
}

async function pathOf(what: string, url: string): Promise<string> {
  const { fileURLToPath } = await node("url");
  try {
    return fileURLToPath(url);
  } catch (error) {
    throw new ValueError(`${what}: "${url}" is no path (${(error as Error).message})`);
  }
}

/** The address of a file beside another one. */
export function sibling(address: string, name: string): string {
  const [, path, rest] = /^([^?#]*)(.*)$/s.exec(address) as unknown as [string, string, string];
  const isRemote = /^[a-z][a-z0-9+.-]+:/i.test(address);
  const end = isRemote
    ? path.lastIndexOf("/")
    : Math.max(address.lastIndexOf("/"), address.lastIndexOf("\\"));
  const query = isRemote ? rest.replace(/#.*$/s, "") : "";
  return `${address.slice(0, end + 1)}${name}${query}`;
}
