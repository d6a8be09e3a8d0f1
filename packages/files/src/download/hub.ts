import { ValueError } from "@flambeau/backend";
import { serverProcess } from "../runtime/api.ts";

const ENDPOINT = "https://huggingface.co";

/** Addresses and tokens of Hugging Face. */
export interface HubOptions {
  /** The server that has the addresses of `hf:`. Default: the variable HF_ENDPOINT where there is one, or "https://huggingface.co". */
  readonly endpoint?: string;
  /** The token that is sent to the server, as a Bearer. Default for `hf:`: the variable HF_TOKEN where there is one. */
  readonly token?: string;
}

/**
 * The http address of `hf:owner/name/path`, `hf:owner/name@revision/path`, or `hf:datasets/owner/name/path`.
 * Source: Hugging Face's documentation of the Hub, "resolve" addresses.
 *
 * @throws ValueError when it is none.
 */
export function hubAddress(address: string, { endpoint }: HubOptions): string {
  const base = endpoint ?? variable("HF_ENDPOINT") ?? ENDPOINT;
  const path = address.slice("hf:".length).replace(/^\/\//, "");
  const found = /^((?:datasets|spaces)\/)?([\w.-]+)\/([\w.-]+)(?:@([^/]+))?\/(.+)$/.exec(path);
  const isDamaged = /%(?![0-9a-f]{2})/i.test(found?.[4] ?? "");
  if (found === null || isDamaged || path.split("/").includes(".."))
    throw new ValueError(
      `"${address}" is no file of Hugging Face's; write "hf:owner/name/file", or "hf:owner/name@revision/file"`,
    );
  const [, kind = "", owner, name, revision = "main", file] = found;
  // A "/" in a revision ("refs%2Fpr%2F1") is written as the Hub has it.
  const rev = revision.replace(/[^%]+/g, encodeURIComponent);
  return `${base.replace(/\/$/, "")}/${kind}${owner}/${name}/resolve/${rev}/${file.split("/").map(encodeURIComponent).join("/")}`;
}

export function hubToken({ token }: HubOptions): string | undefined {
  return token ?? variable("HF_TOKEN");
}

/** A variable of the environment, where there is one that is not empty and may be read. */
export function variable(name: string): string | undefined {
  try {
    return serverProcess()?.env[name] || undefined;
  } catch {
    // Deno without --allow-env.
    return undefined;
  }
}
