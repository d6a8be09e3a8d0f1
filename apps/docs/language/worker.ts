/** The worker that runs TypeScript, so that the editors stay responsive. .vitepress/language-worker.ts bundles it. */
import type { Request, Response } from "./messages.ts";
import { CellService } from "./service.ts";

/** What language/declarations.ts gives, put in by the bundler. */
declare const DECLARATIONS: string;
declare const LIBRARIES: readonly string[];

const service = new CellService(JSON.parse(DECLARATIONS) as Record<string, string>, LIBRARIES);

globalThis.onmessage = ({ data: { id, cells, question } }: MessageEvent<Request>) => {
  let answer: unknown;
  try {
    answer = service.answer(cells, question);
  } catch (error) {
    // The next question is as good as new; a reader need not see this one.
    console.warn(error);
  }
  globalThis.postMessage({ id, answer } satisfies Response);
};
