/** Where the program made a call: the first frame of the stack that is none of the library's own. */

/** The folder that holds this package and the others: `node_modules/@flambeau/` or `packages/`. */
const root = import.meta.url.replace(/[^/]*\/(src|dist)\/[^/]*$/, "");

/** V8's setting of how many calls a stack shows, which other engines have not. */
const stacks = Error as { stackTraceLimit?: number };

/** `"forward (file:///model.ts:12:5)"`; "" where no frame is the program's, as in a bundle. */
export function callerPlace(): string {
  const { stackTraceLimit: before } = stacks;
  if (before !== undefined) stacks.stackTraceLimit = 64;
  const { stack = "" } = new Error("a call");
  if (before !== undefined) stacks.stackTraceLimit = before;
  const frames = stack.split("\n").filter((line) => /:\d+:\d+\)?$/.test(line));
  const own = frames.find(
    (line) => !line.includes(root) && !line.includes("/node_modules/flambeau/") && !line.includes("node:"),
  );
  return own === undefined ? "" : own.trim().replace(/^at /, "");
}
