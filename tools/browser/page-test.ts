/**
 * What tests use of `node:test`, in a page: the same files run there, bundled with this in its place. Tests run one after
 * the other once `run` is called; each is told as it ends.
 */

/** The outcome of one test. */
export interface Outcome {
  readonly name: string;
  readonly state: "passed" | "failed" | "skipped";
  /** The error's stack, or why it was skipped. */
  readonly message: string;
}

type Work = () => unknown;
interface Options {
  readonly skip?: boolean | string;
}

interface Test {
  readonly name: string;
  readonly skip: boolean | string;
  readonly work: Work;
}

class Suite {
  readonly name: string;
  readonly parts: (Test | Suite)[] = [];
  readonly before: Work[] = [];
  readonly after: Work[] = [];
  readonly afterEach: Work[] = [];
  readonly skip: boolean | string;
  constructor(name: string, skip: boolean | string) {
    this.name = name;
    this.skip = skip;
  }
}

const root: Suite = new Suite("", false);
let current: Suite = root;

export function describe(name: string, options: Options | (() => void), body?: () => void): void {
  const isPlain = typeof options === "function";
  const outer = current;
  const suite = new Suite(name, outer.skip || (isPlain ? false : (options.skip ?? false)));
  outer.parts.push(suite);
  current = suite;
  try {
    (isPlain ? options : (body as () => void))();
  } finally {
    current = outer;
  }
}

export function test(name: string, options: Options | Work, work?: Work): void {
  const isPlain = typeof options === "function";
  const skip = current.skip || (isPlain ? false : (options.skip ?? false));
  current.parts.push({ name, skip, work: isPlain ? options : (work as Work) });
}

export function before(work: Work): void {
  current.before.push(work);
}

export function after(work: Work): void {
  current.after.push(work);
}

export function afterEach(work: Work): void {
  current.afterEach.push(work);
}

/** Runs all tests that were declared. */
export async function run(tell: (outcome: Outcome) => unknown): Promise<void> {
  await runSuite(root, [], [], tell);
}

async function runSuite(
  suite: Suite,
  path: readonly string[],
  outerAfterEach: readonly Work[],
  tell: (outcome: Outcome) => unknown,
): Promise<void> {
  const afterEachTest = [...suite.afterEach, ...outerAfterEach];
  const attempt = async (name: string, works: readonly Work[]): Promise<boolean> => {
    const problem = await failure(works);
    if (problem !== null)
      await tell({ name: [...path, name].join(" > "), state: "failed", message: problem });
    return problem === null;
  };
  // Tests whose preparation failed have failed, as in Node.
  const prepared = suite.skip === false ? await failure(suite.before) : null;
  for (const part of suite.parts) {
    const name = [...path, part.name].join(" > ");
    if (part instanceof Suite) {
      await runSuite(part, [...path, part.name], afterEachTest, tell);
    } else if (part.skip !== false) {
      await tell({ name, state: "skipped", message: part.skip === true ? "" : part.skip });
    } else if (prepared !== null) {
      await tell({ name, state: "failed", message: prepared });
    } else if (await attempt(part.name, [part.work])) {
      const left = await failure(afterEachTest);
      await tell({ name, state: left === null ? "passed" : "failed", message: left ?? "" });
    } else {
      await failure(afterEachTest);
    }
  }
  await attempt("(after)", suite.after);
}

async function failure(works: readonly Work[]): Promise<string | null> {
  try {
    for (const work of works) await work();
    return null;
  } catch (error) {
    const { stack = "", cause } = error as Error;
    // V8's stack begins with the message.
    const text = stack.includes(String(error)) ? stack : `${String(error)}\n${stack}`;
    return cause === undefined ? text : `${text}\ncause: ${String((cause as Error).stack ?? cause)}`;
  }
}
