/** Where the program made a call: the first frame of the stack that is none of the library's own. */

/** The folder of all packages: `node_modules/@flambeau/` or `packages/`, without the scheme, which not all engines' stacks have. */
const root = import.meta.url.replace(/^file:\/\//, "").replace(/[^/]*\/(src|dist)\/[^/]*$/, "");

/** Whether a frame is in the code of a package, which its tests are not. */
function isLibraryFrame(line: string): boolean {
  const [, path = ""] = line.split(root);
  return (
    /^[^/]+\/(src|dist)\//.test(path) || line.includes("/node_modules/flambeau/") || line.includes("node:")
  );
}

/** V8's setting of how many calls a stack shows, which other engines have not. */
const stacks = Error as { stackTraceLimit?: number };

/** `"forward (file:///model.ts:12:5)"`; "" where no frame is the program's, as in a bundle. */
export function callerPlace(): string {
  const { stackTraceLimit: before } = stacks;
  if (before !== undefined) stacks.stackTraceLimit = 64;
  const { stack = "" } = new Error("a call");
  if (before !== undefined) stacks.stackTraceLimit = before;
  const frames = stack.split("\n").filter((line) => /:\d+:\d+\)?$/.test(line));
  const own = frames.find((line) => !isLibraryFrame(line));
  return own === undefined ? "" : own.trim().replace(/^at /, "");
}
