/** Pages whose Content Security Policy, or whose surroundings, leave the library without something. */

export interface Policy {
  readonly policy: string;
  /** A script that runs before the page's module. */
  readonly script?: string;
}

const wasm = "script-src 'self' 'wasm-unsafe-eval'";

/** By name, which is the last part of the page's path. */
export const policies: Readonly<Record<string, Policy>> = {
  /** WebAssembly may not be compiled. */
  "no-wasm": { policy: "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'" },
  /** Workers may not be started. */
  "no-workers": { policy: `default-src 'none'; ${wasm}; worker-src 'none'; connect-src 'self'` },
  /** There are none, as in some embedded browsers. */
  "no-worker-global": {
    policy: `default-src 'none'; ${wasm}; connect-src 'self'`,
    script: "delete globalThis.Worker;",
  },
  /** Neither; the strictest page there is. */
  "no-wasm-no-workers": {
    policy: "default-src 'none'; script-src 'self'; connect-src 'self'; worker-src 'none'",
  },
};
