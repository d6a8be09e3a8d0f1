/**
 * A Vulkan driver in software, for machines without a GPU: SwiftShader, which the npm package `@sparticuz/chromium` carries
 * for Linux on x64. With it Node, Bun and Deno get a WebGPU adapter that computes exactly as a GPU would, only slowly.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { root } from "./runtimes.ts";

const folder = join(root, ".cache", "swiftshader");
const archive = join(root, "node_modules", "@sparticuz", "chromium", "bin", "swiftshader.tar.br");
const manifest = "vk_swiftshader_icd.json";

/** What to add to the environment so that WebGPU finds an adapter: nothing where there is a GPU, or no such driver. */
export function gpuEnvironment(): Record<string, string> {
  const { platform, arch, env } = process;
  if (platform !== "linux" || arch !== "x64" || env.VK_ICD_FILENAMES !== undefined || hasGpu()) return {};
  if (!existsSync(join(folder, manifest)) && !unpack()) return {};
  const libraries = env.LD_LIBRARY_PATH;
  return {
    VK_ICD_FILENAMES: join(folder, manifest),
    LD_LIBRARY_PATH: libraries === undefined ? folder : `${folder}${delimiter}${libraries}`,
    // The loader wants one; any folder will do.
    XDG_RUNTIME_DIR: env.XDG_RUNTIME_DIR ?? "/tmp",
  };
}

/** Whether the kernel shows a GPU and a Vulkan driver is installed. */
function hasGpu(): boolean {
  const has = (path: string, pattern: RegExp): boolean =>
    existsSync(path) && readdirSync(path).some((name) => pattern.test(name));
  const device = has("/dev/dri", /^renderD/) || has("/dev", /^nvidia0$/);
  const drivers = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"];
  return device && drivers.some((path) => has(path, /\.json$/));
}

/** Puts the driver's files into the folder; false where the package is not installed. */
function unpack(): boolean {
  if (!existsSync(archive)) return false;
  // Under another name first: runs beside each other must not find half of it.
  const fresh = `${folder}-${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  for (const { name, data } of tarFiles(brotliDecompressSync(readFileSync(archive)))) {
    const path = join(fresh, name.replace(/^.*\//, ""));
    writeFileSync(path, data);
    if (name.includes(".so")) chmodSync(path, 0o755);
  }
  try {
    renameSync(fresh, folder);
  } catch {
    // Another run was first.
    rmSync(fresh, { recursive: true });
  }
  return existsSync(join(folder, manifest));
}

/** The regular files of a tar archive. Source: POSIX.1-2001, ustar. */
function* tarFiles(tar: Buffer): Generator<{ name: string; data: Buffer }> {
  const text = (at: number, length: number): string =>
    tar.toString("latin1", at, at + length).replace(/\0.*$/s, "");
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    const type = text(at + 156, 1);
    if (type === "0" || type === "") {
      yield { name: text(at, 100), data: tar.subarray(at + 512, at + 512 + size) };
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
}
