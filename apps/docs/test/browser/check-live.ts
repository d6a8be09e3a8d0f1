/** The programs that train in the page: started, stopped, set, linked to and drawn on, on the CPU and on WebGPU. */
import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { check, visit } from "./harness.ts";
import type { Surroundings } from "./surroundings.ts";

/** A program's page, and how low its loss is after so many steps. */
const PROGRAMS = [
  { path: "index.html", name: "the decision boundary", steps: 200, below: 0.15, gpuSteps: 60, gpuBelow: 0.4 },
  {
    path: "live/digits.html",
    name: "the reader of digits",
    steps: 300,
    below: 0.25,
    gpuSteps: 40,
    gpuBelow: 1.9,
  },
  { path: "live/gpt.html", name: "the GPT", steps: 150, below: 2.7, gpuSteps: 4, gpuBelow: 4 },
] as const;

/** Nothing starts by itself. */
const still = { viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" } as const;

const live = (page: Page): Locator => page.locator("section.live");
const press = (page: Page, name: string): Promise<void> =>
  live(page).getByRole("button", { name, exact: true }).click();
const isIn = (page: Page, state: string): Promise<void> =>
  page.locator(`section.live[data-state="${state}"]`).waitFor();
const stepOf = async (page: Page): Promise<number> => Number(await live(page).getAttribute("data-step"));
/** The mean of the curve's last point's neighbours, as the page writes it. */
const lossOf = async (page: Page): Promise<number> =>
  Number((await live(page).locator(".live-loss").innerText()).replace("loss ", ""));

export async function checkLive({ browser, isolated, plain }: Surroundings): Promise<void> {
  for (const { path, name, steps, below, gpuSteps, gpuBelow } of PROGRAMS) {
    await check(`${name} learns, stops and goes on`, async () => {
      await visit(
        browser,
        `${isolated.url}${path}#live=steps:${steps},speed:3000`,
        async ({ page }) => {
          await press(page, "Train");
          await isIn(page, "paused");
          assert.equal(await stepOf(page), steps);
          const loss = await lossOf(page);
          assert.ok(loss < below, `loss ${loss}`);
          await press(page, "Go on");
          await isIn(page, "paused");
          assert.equal(await stepOf(page), 2 * steps);
          assert.ok((await lossOf(page)) < loss);
          await press(page, "Start over");
          await page.locator('section.live[data-step="0"]').waitFor();
        },
        still,
      );
    });
    await check(`${name} pauses where the reader wants, also without isolation`, async () => {
      await visit(
        browser,
        `${plain.url}${path}#live=steps:1000000`,
        async ({ page }) => {
          await press(page, "Train");
          await page.waitForFunction(
            () => Number(document.querySelector("section.live")?.getAttribute("data-step")) > 5,
          );
          await press(page, "Pause");
          await isIn(page, "paused");
          const step = await stepOf(page);
          assert.ok(step > 5 && step < 1_000_000);
          await page.evaluate(async () => {
            for (let i = 0; i < 20; i++) await new Promise((resolve) => setTimeout(resolve, 10));
          });
          assert.equal(await stepOf(page), step);
        },
        still,
      );
    });
    await check(`${name} learns on WebGPU`, async () => {
      await visit(
        browser,
        `${isolated.url}${path}#live=steps:${gpuSteps}`,
        async ({ page }) => {
          await live(page).getByLabel("WebGPU").check();
          await press(page, "Train");
          await isIn(page, "paused");
          assert.equal(await live(page).locator(".live-message").innerText(), "");
          assert.equal(await stepOf(page), gpuSteps);
          const loss = await lossOf(page);
          assert.ok(loss < gpuBelow, `loss ${loss}`);
        },
        still,
      );
    });
    await check(`${name} starts by itself in sight, and fits a narrow screen`, async () => {
      await visit(
        browser,
        `${isolated.url}${path}#live=steps:20`,
        async ({ page }) => {
          await page.locator('section.live[data-alive="true"]').scrollIntoViewIfNeeded();
          await live(page).locator(".live-buttons").last().scrollIntoViewIfNeeded();
          await isIn(page, "paused");
          assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
        },
        { viewport: { width: 390, height: 844 } },
      );
    });
  }

  await check("sliders go by keys, and the link restores them", async () => {
    const context = { ...still, permissions: ["clipboard-read", "clipboard-write"] };
    await visit(
      browser,
      isolated.url,
      async ({ page }) => {
        const width = live(page).getByRole("slider", { name: "Hidden units" });
        await width.focus();
        await page.keyboard.press("End");
        await live(page).getByRole("slider", { name: "Learning rate" }).focus();
        await page.keyboard.press("ArrowLeft");
        assert.equal(await width.getAttribute("aria-valuetext"), "128");
        await press(page, "Copy link");
        const link = await page.evaluate(() => navigator.clipboard.readText());
        assert.ok(link.endsWith("#live=width:128,lr:0.01"), link);
        await page.goto("about:blank");
        await page.goto(link);
        await page.locator('section.live[data-alive="true"]').waitFor();
        const values = await live(page)
          .getByRole("slider")
          .evaluateAll((sliders) => sliders.map((slider) => slider.getAttribute("aria-valuetext")));
        assert.deepEqual(values, ["128", "0.01", "0.15", "100"]);
        await page.evaluate(() => {
          location.hash = "#live=width:2";
        });
        await page.locator('section.live [name="width"][aria-valuetext="2"]').waitFor();
      },
      context,
    );
  });

  await check("other data is drawn, and what does not rebuild leaves the training as it is", async () => {
    await visit(
      browser,
      `${isolated.url}#live=steps:50,speed:3000`,
      async ({ page }) => {
        await press(page, "Train");
        await isIn(page, "paused");
        const points = (): Promise<string> => live(page).locator(".live-plane svg").innerHTML();
        const before = await points();
        await live(page).getByRole("slider", { name: "Learning rate" }).focus();
        await page.keyboard.press("Home");
        await press(page, "Go on");
        await page.locator('section.live[data-state="paused"][data-step="100"]').waitFor();
        assert.equal(await points(), before);
        await live(page).getByRole("slider", { name: "Noise of the data" }).focus();
        await page.keyboard.press("Home");
        await page.locator('section.live[data-step="0"]').waitFor();
        await page.waitForFunction(
          (old) => document.querySelector(".live-plane svg")?.innerHTML !== old,
          before,
        );
      },
      still,
    );
  });

  await check("digits that are drawn by the mouse are read as what they are", async () => {
    await visit(
      browser,
      `${isolated.url}live/digits.html#live=steps:300`,
      async ({ page }) => {
        await press(page, "Train");
        await isIn(page, "paused");
        const paper = live(page).locator(".live-paper > svg");
        const guess = live(page).locator(".live-guess");
        let read = 0;
        for (let example = 0; example < 4; example++) {
          await press(page, "Clear");
          await press(page, "Paint me one");
          await guess.filter({ hasText: /^Painted a \d .*reads a \d/ }).waitFor();
          await page.locator('.live-guess[data-waiting="false"]').waitFor();
          const label = /Painted a (\d)/.exec(await guess.innerText())?.[1];
          const lines = await paper
            .locator("polyline")
            .evaluateAll((all) => all.map((line) => line.getAttribute("points") as string));
          await press(page, "Clear");
          assert.equal(await guess.innerText(), "Nothing is drawn.");
          await paper.scrollIntoViewIfNeeded();
          const box = await paper.boundingBox();
          assert.ok(box !== null);
          for (const line of lines) {
            const points = line.split(" ").map((pair) => pair.split(",").map(Number));
            for (const [i, [x, y]] of points.entries()) {
              await page.mouse.move(box.x + (x * box.width) / 280, box.y + (y * box.height) / 280);
              if (i === 0) await page.mouse.down();
            }
            await page.mouse.up();
          }
          await page.locator('.live-guess[data-waiting="false"][data-guess]').waitFor();
          if ((await guess.getAttribute("data-guess")) === label) read++;
        }
        assert.ok(read >= 3, `${read} of 4`);
      },
      still,
    );
  });

  await check("the GPT writes after every fifty steps, the newest first", async () => {
    await visit(
      browser,
      `${isolated.url}live/gpt.html#live=steps:100`,
      async ({ page }) => {
        await press(page, "Train");
        await isIn(page, "paused");
        const texts = live(page).locator(".live-texts li");
        assert.deepEqual(
          await texts.evaluateAll((all) => all.map((text) => text.getAttribute("data-step"))),
          ["100", "50", "0"],
        );
        const [newest, , untrained] = await texts.locator("pre").allTextContents();
        assert.ok(newest.length > 100 && untrained.length > 100);
      },
      still,
    );
  });
}
