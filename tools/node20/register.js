// Loaded with `node --import`: makes Node 20, which knows no TypeScript, run this repository's test files. A test runs on the
// built packages, as a user there gets them; one that imports a package's insides ("../src/arena.ts"), which a build has no
// module of, on the sources.
import { readFileSync } from "node:fs";
import { register } from "node:module";
import { dirname, join } from "node:path";

const insides = /\bfrom "\.\.\/src\/(?!index\.ts")/;
const test = process.argv[1] ?? "";

register("./hooks.js", import.meta.url, { data: { built: !test.endsWith(".ts") || !reachesInside(test) } });

/** Whether a test, or a file beside it that it imports, imports a package's insides. */
function reachesInside(file) {
  const text = readFileSync(file, "utf8");
  return (
    insides.test(text) ||
    [...text.matchAll(/\bfrom "(\.\/[^"]+\.ts)"/g)].some(([, path]) =>
      reachesInside(join(dirname(file), path)),
    )
  );
}
