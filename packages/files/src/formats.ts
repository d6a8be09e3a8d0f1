import { ValueError } from "@flambeau/backend";

/** The formats of files, by what their names end in. */
export type Format = "pt" | "safetensors" | "npz" | "npy" | "gguf";

export const formats: readonly Format[] = ["pt", "safetensors", "npz", "npy", "gguf"];

/** An index that says which tensors of a model are in which of its files. */
export const INDEX = ".safetensors.index.json";

const ENDINGS: readonly (readonly [ending: string, format: Format | "index"])[] = [
  [INDEX, "index"],
  ...formats.map((format) => [`.${format}`, format] as const),
  [".pth", "pt"],
];

/** What programs in PyTorch call their files, too; others use the same endings. */
const TORCH_LIKE: readonly string[] = [".tar", ".ckpt", ".bin", ".pkl"];

/** @throws ValueError when the option is none of the formats. */
export function checkFormat(what: string, given: string | undefined): Format | undefined {
  if (given === undefined || formats.includes(given as Format)) return given as Format | undefined;
  const list = formats.map((format) => `"${format}"`).join(", ");
  throw new ValueError(`${what}: format is one of ${list}; got "${given}"`);
}

/** The format that a name ends in, or undefined. */
export function formatOfName(name: string): Format | "index" | undefined {
  const lower = name.toLowerCase();
  return ENDINGS.find(([ending]) => lower.endsWith(ending))?.[1];
}

/** Whether a name ends as files of `torch.save` often do: `model.tar`. One that is read may be another format's. */
export function isTorchLike(name: string): boolean {
  const lower = name.toLowerCase();
  return TORCH_LIKE.some((ending) => lower.endsWith(ending));
}

/** The format of a file by its first bytes, or undefined. A zip archive is a `.pt` file unless it has arrays of NumPy's. */
export function formatOfBytes(bytes: Uint8Array): Format | undefined {
  const text = String.fromCharCode(...bytes.subarray(0, 128));
  if (text.startsWith("PK")) return /^.{26}.{4}[^/]*\.npy/s.test(text) ? "npz" : "pt";
  if (text.startsWith("\x93NUMPY")) return "npy";
  if (text.startsWith("GGUF")) return "gguf";
  if (text.startsWith("\x80")) return "pt";
  return /^.{5}\0\0\0\{/s.test(text) ? "safetensors" : undefined;
}
