/** The libraries that are compared, in the order of the table. The first is this one. */
export const libraries = {
  flambeau: { name: "Flambeau", color: "#d62728" },
  torch: { name: "PyTorch", color: "#4269d0" },
  "jax-jit": { name: "jax-js, jit", color: "#3ca951" },
  "jax-eager": { name: "jax-js, eager", color: "#a463f2" },
  tfjs: { name: "tfjs wasm", color: "#efb118" },
} as const satisfies Record<string, { name: string; color: string }>;

export type LibraryId = keyof typeof libraries;

/** Where the libraries compute. */
export type Device = "cpu" | "webgpu";

export const libraryIds = Object.keys(libraries) as LibraryId[];

/** The libraries that know a device. */
export function librariesOn(device: Device): LibraryId[] {
  return device === "cpu" ? libraryIds : ["flambeau", "jax-jit", "jax-eager"];
}
