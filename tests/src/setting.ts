interface Surroundings {
  readonly process?: { readonly env: Readonly<Record<string, string | undefined>> };
  readonly location?: { readonly search?: string };
}

/** What the environment has under a name: in a page, which has no environment, its address, as `?NAME=VALUE`. */
export function setting(name: string): string | undefined {
  const { process, location } = globalThis as Surroundings;
  return process?.env[name] ?? new URLSearchParams(location?.search ?? "").get(name) ?? undefined;
}
