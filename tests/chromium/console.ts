/** What Chromium's DevTools get to show of a page's objects, by the protocol that they use. */
import assert from "node:assert/strict";
import type { Browser, CDPSession, Page } from "playwright-core";
import { type Report, runPage } from "./site.ts";

/** An element of JsonML; an object in it is a reference that DevTools follow. */
type JsonML = readonly [tag: string, attributes: Record<string, unknown>, ...contents: (string | JsonML)[]];

interface Preview {
  readonly header: string;
  readonly bodyGetterId?: string;
}

/** What the protocol says of an object; Playwright's types leave the preview out. */
interface Shown {
  readonly objectId?: string;
  readonly description?: string;
  readonly customPreview?: Preview;
}

/** Runs the page of pages/console.ts and looks at its console. */
export async function runConsole(browser: Browser, url: string): Promise<Report> {
  const outcomes: Report["outcomes"][number][] = [];
  const check = async (name: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      outcomes.push({ name, state: "passed", message: "" });
    } catch (error) {
      outcomes.push({ name, state: "failed", message: String((error as Error).stack) });
    }
  };
  const look = async (page: Page): Promise<void> => {
    const session = await page.context().newCDPSession(page);
    await session.send("Runtime.enable");
    await check("without the setting, the console gets the object", async () => {
      assert.equal((await logged(session, "matrix")).customPreview, undefined);
    });
    await session.send("Runtime.setCustomObjectFormatterEnabled", { enabled: true });
    for (const name of ["matrix", "parameter", "layer", "model", "optimizer", "summary"]) {
      await check(`console.log shows the text: ${name}`, async () => {
        const { header } = (await logged(session, name)).customPreview as Preview;
        assert.deepEqual((JSON.parse(header) as JsonML).slice(2), [await textOf(page, name)]);
      });
    }
    await check("a module is opened down to the shape of its weight", async () => {
      const model = await body(session, await logged(session, "model"));
      assert.match(model.text, /^0: <0>1: <1>training: true$/);
      assert.match(headerOf(model.objects[0]), /^Linear\(in_features=2/);
      const layer = await body(session, model.objects[0]);
      assert.match(headerOf(layer.objects[0]), /^Parameter containing:\ntensor\(\[\[/);
      const weight = await body(session, layer.objects[0]);
      assert.match(weight.text, /^shape: <0>dtype: "float32"device: "cpu"requiresGrad: true/);
      assert.equal(weight.objects[0].description, "Array(2)");
    });
  };
  const report = await runPage(browser, url, { look });
  return { lines: report.lines, outcomes: [...report.outcomes, ...outcomes] };
}

function textOf(page: Page, name: string): Promise<string> {
  return page.evaluate(`String(shown.${name})`);
}

/** What the console is given for `console.log(shown.NAME)`. */
async function logged(session: CDPSession, name: string): Promise<Shown> {
  const call = new Promise<Shown>((resolve) => {
    session.once("Runtime.consoleAPICalled", ({ args: [shown] }) => resolve(shown as Shown));
  });
  await session.send("Runtime.evaluate", { expression: `console.log(shown.${name})` });
  return call;
}

function headerOf({ customPreview }: Shown): string {
  return String((JSON.parse(customPreview?.header ?? "[]") as JsonML)[2]);
}

/** What is shown of an object that is opened: its text, in which objects have numbers, and these. */
async function body(
  session: CDPSession,
  { objectId, customPreview }: Shown,
): Promise<{ text: string; objects: Shown[] }> {
  const { result } = await session.send("Runtime.callFunctionOn", {
    functionDeclaration: "function (body) { return body(); }",
    objectId,
    arguments: [{ objectId: customPreview?.bodyGetterId }],
    returnByValue: true,
  });
  const objects: Shown[] = [];
  const walk = (element: string | JsonML): string => {
    if (typeof element === "string") return element;
    const [tag, attributes, ...contents] = element;
    return tag === "object" ? `<${objects.push(attributes as Shown) - 1}>` : contents.map(walk).join("");
  };
  return { text: walk(result.value as JsonML), objects };
}
