/** What the tests do with a page's cells. */
import type { Locator, Page } from "playwright-core";

export function cell(page: Page, index: number): Locator {
  return page.locator(`section.cell[data-cell="${index}"]`);
}

export async function runAll(page: Page, timeout = 300_000): Promise<void> {
  await page.getByRole("button", { name: "Run all" }).click();
  await page.locator(".notebook-status", { hasText: /Done in|failed|ended|Back on/ }).waitFor({ timeout });
  const status = await page.locator(".notebook-status").innerText();
  if (!status.startsWith("Done"))
    throw new Error(`${status} ${(await page.locator(".cell-error").allInnerTexts()).join("\n")}`);
}

/** The lines that a cell shows as printed. */
export async function printed(page: Page, index: number): Promise<string[]> {
  const texts = await cell(page, index).locator(".cell-text").allTextContents();
  return texts.flatMap((text) => text.replace(/\n$/, "").split("\n"));
}

export async function state(page: Page, index: number, wanted: string, timeout = 300_000): Promise<void> {
  await page.locator(`section.cell[data-cell="${index}"][data-state="${wanted}"]`).waitFor({ timeout });
}

/** Replaces a cell's text, as a reader does. */
export async function write(page: Page, index: number, text: string): Promise<void> {
  await cell(page, index).locator(".cm-content").click();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(text);
}
