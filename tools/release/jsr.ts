/** What a package's jsr.json says: JSR publishes the sources, and has scopes only. */
import type { Manifest } from "./packages.ts";

const ours = /^(@flambeau\/|flambeau$)/;

/** On JSR every package has a scope: `flambeau` is `@flambeau/flambeau` there. */
export function jsrName(name: string): string {
  return name.startsWith("@") ? name : `@flambeau/${name}`;
}

/** The text of the jsr.json that follows from a package.json. */
export function jsrManifest(manifest: Manifest): string {
  const needed = Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies });
  const imports = Object.fromEntries(
    needed.map(([name, range]) => [
      name,
      ours.test(name) ? `jsr:${jsrName(name)}@${range}` : `npm:${name}@${range}`,
    ]),
  );
  const exports = Object.fromEntries(
    Object.entries(manifest.exports).map(([path, target]) => [path, target["@flambeau/source"]]),
  );
  const content = {
    name: jsrName(manifest.name),
    version: manifest.version,
    license: manifest.license,
    exports: Object.keys(exports).length === 1 ? exports["."] : exports,
    ...(needed.length > 0 ? { imports } : {}),
    publish: { include: ["src", "README.md", "LICENSE", "jsr.json"] },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}
