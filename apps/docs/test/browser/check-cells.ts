/** What a reader does with cells: runs, edits, breaks, stops and resets them, by mouse and by keyboard. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { root } from "../../build/paths.ts";
import { check, newContext, open, visit } from "./harness.ts";
import { cell, printed, runAll, state, write } from "./notebooks.ts";
import type { Site } from "./server.ts";
import type { Surroundings } from "./surroundings.ts";

const LOOP_OF_FUNCTION = "function spin() { while (true) turns++; }\nspin();";

export async function checkCells({ browser, isolated, plain }: Surroundings): Promise<void> {
  const url = `${isolated.url}chapter/2-tensors.html`;
  const run = (index: number): string => `Run cell ${index + 1}`;

  await check("a cell that is edited runs as it is edited, and runs again", async () => {
    await visit(browser, url, async ({ page }) => {
      await write(
        page,
        0,
        'import { tensor } from "flambeau";\nconst a: number[] = [1, 2];\nconsole.log(tensor(a).mul(3), { a });\n',
      );
      for (let time = 0; time < 2; time++) {
        await page.getByRole("button", { name: run(0), exact: true }).click();
        await state(page, 0, "done");
        assert.deepEqual(await printed(page, 0), ["tensor([3., 6.]) { a: [ 1, 2 ] }"]);
      }
    });
  });

  await check("cells share names, live, and a later definition replaces an earlier one", async () => {
    await visit(browser, url, async ({ page }) => {
      await write(page, 0, "let count = 1;\nfunction next() { return ++count; }\nclass Point { x = 1; }\n");
      await write(page, 1, "count = 10;\nconsole.log(next(), count, new Point());\n");
      await write(page, 2, "const count = 5;\nawait null;\nconsole.log(count, typeof next);\n");
      for (const index of [0, 1, 2]) {
        await page.getByRole("button", { name: run(index), exact: true }).click();
        await state(page, index, "done");
      }
      assert.deepEqual(await printed(page, 1), ["11 11 Point { x: 1 }"]);
      assert.deepEqual(await printed(page, 2), ["5 function"]);
    });
  });

  await check("an error stands under its cell with its line; the cells after it do not run", async () => {
    await visit(browser, url, async ({ page }) => {
      await write(
        page,
        1,
        'import { ones } from "flambeau";\n\nconst a: unknown = ones([2, 3]);\nones([2, 3]).matmul(ones([2, 3]));\n',
      );
      await page.getByRole("button", { name: "Run all" }).click();
      await state(page, 1, "failed");
      const text = await cell(page, 1).locator(".cell-error").innerText();
      assert.match(text, /cell 2, line 4: ShapeError/);
      assert.equal(
        await cell(page, 1).locator(".cm-failed-line").innerText(),
        "ones([2, 3]).matmul(ones([2, 3]));",
      );
      assert.equal(await cell(page, 2).getAttribute("data-state"), "idle");
    });
  });

  const broken: readonly (readonly [name: string, code: string, message: RegExp])[] = [
    [
      "syntax that TypeScript's grammar refuses",
      "const a = 1;\nconst b = ;\n",
      /cell 1, line 2: SyntaxError/,
    ],
    [
      "a name declared twice",
      "const a = 1;\nconst b = 2;\nconst a = 3;\n",
      /cell 1, line 3: SyntaxError a has already been declared/,
    ],
    [
      "an unknown module",
      'const a = 1;\nimport x from "left-pad";\n',
      /cell 1, line 2: ImportError[\s\S]*"left-pad" is not in this page/,
    ],
    [
      "an unknown export",
      'import { tensr } from "flambeau";\n',
      /line 1: ImportError[\s\S]*no export named tensr/,
    ],
    ["an assignment to a constant", "const a = 1;\n\na = 2;\n", /line 3: TypeError/],
    ["a name used too early", "console.log(a);\nconst a = 1;\n", /line 1: ReferenceError/],
    [
      "what is thrown after waiting",
      "await Promise.resolve();\nawait new Promise((r) => setTimeout(r, 5));\nnull.x;\n",
      /line 3: TypeError/,
    ],
    [
      "what a function of the cell throws",
      "function f() {\n  throw new RangeError('no');\n}\nf();\n",
      /line 2: RangeError/,
    ],
  ];
  await check("each kind of error tells what and where", async () => {
    await visit(browser, url, async ({ page }) => {
      for (const [name, code, message] of broken) {
        await write(page, 0, code);
        await page.getByRole("button", { name: run(0), exact: true }).click();
        await page.locator(".notebook-status", { hasText: "Cell 1 failed." }).waitFor();
        await state(page, 0, "failed");
        const text = (await cell(page, 0).locator(".cell-error").innerText()).replaceAll("\n", " ");
        assert.match(text, message, name);
        await write(page, 0, "1;");
        await page.getByRole("button", { name: run(0), exact: true }).click();
        await state(page, 0, "done");
      }
    });
  });

  await check("a cell that needs another says which", async () => {
    await visit(browser, url, async ({ page }) => {
      await page.getByRole("button", { name: run(1), exact: true }).click();
      await state(page, 1, "failed");
      assert.match(
        await cell(page, 1).locator(".cell-error").innerText(),
        /Cell 1 defines \w+: run it first/,
      );
    });
  });

  await check("training prints as it goes, the page answers meanwhile, and stop ends it", async () => {
    await visit(browser, url, async ({ page }) => {
      const training = [
        'import { nn, optim, randn } from "flambeau";',
        "const model = new nn.Linear(64, 64);",
        "const optimizer = new optim.SGD(model.parameters(), { lr: 1e-4 });",
        "const x = randn([256, 64]);",
        "for (let epoch = 1; epoch <= 1e9; epoch++) {",
        "  optimizer.zeroGrad();",
        "  const loss = model(x).square().mean();",
        "  loss.backward();",
        "  optimizer.step();",
        "  if (epoch % 200 === 0) console.log(epoch, await loss.item());",
        "}",
      ].join("\n");
      await write(page, 0, training);
      await page.getByRole("button", { name: run(0), exact: true }).click();
      // Its own lines, not the recorded ones that the cell shows until it runs.
      await cell(page, 0)
        .locator(".cell-text", { hasText: /^200 [\d.]+\s+400 / })
        .waitFor();
      // Were it busy with the training, which does not end, none of its turns would come.
      await page.evaluate(async () => {
        for (let i = 0; i < 20; i++) await new Promise((resolve) => setTimeout(resolve, 10));
      });
      await page.getByRole("button", { name: "Stop" }).click();
      await state(page, 0, "interrupted");
      assert.match(await page.locator(".notebook-status").innerText(), /made so far is kept/);
      await write(page, 1, "console.log(model.weight.shape, (await model(x).square().mean().item()) > 0);");
      await page.getByRole("button", { name: run(1), exact: true }).click();
      await state(page, 1, "done");
      assert.deepEqual(await printed(page, 1), ["[ 64, 64 ] true"]);
    });
  });

  await check("what is stopped before it ran can be run", async () => {
    await visit(browser, url, async ({ page }) => {
      await write(page, 0, "const begun = true;");
      // In one task, so that no message of the worker comes between: the page draws its Stop button in microtasks.
      await page.evaluate(async (label) => {
        (document.querySelector(`[aria-label="${label}"]`) as HTMLElement).click();
        for (let i = 0; i < 100; i++) await null;
        const buttons = [...document.querySelectorAll("button")];
        (buttons.find(({ textContent }) => textContent?.trim() === "Stop") as HTMLElement).click();
      }, run(0));
      await page.locator(".notebook-status", { hasText: "Stopped before a cell ran." }).waitFor();
      await page.getByRole("button", { name: run(0), exact: true }).click();
      await state(page, 0, "done");
    });
  });

  const endless: readonly (readonly [name: string, site: Site, code: string, kept: boolean])[] = [
    ["a loop", plain, "for (;;) turns++;", true],
    ["a loop that waits", plain, "while (true) { turns++; await null; }", true],
    ["a loop of a function, where memory is shared", isolated, LOOP_OF_FUNCTION, true],
    ["a loop of a function, where it is not", plain, LOOP_OF_FUNCTION, false],
    ["a call that does not end", isolated, 'new RegExp("^(a+)+$").test("a".repeat(99) + "b");', false],
  ];
  await check("whatever does not end is stopped, and says whether anything is lost", async () => {
    for (const [name, site, code, isKept] of endless) {
      await visit(browser, `${site.url}chapter/2-tensors.html`, async ({ page }) => {
        await write(page, 0, `let turns = 0;\nconsole.log("begun");\n${code}`);
        await page.getByRole("button", { name: run(0), exact: true }).click();
        // Its text is sent at once and the worker goes on; the button's "running" comes before it runs there.
        await cell(page, 0)
          .locator(".cell-text", { hasText: /^begun/ })
          .waitFor();
        await page.getByRole("button", { name: "Stop" }).click();
        await state(page, 0, isKept ? "interrupted" : "stopped");
        const status = await page.locator(".notebook-status").innerText();
        assert.match(status, isKept ? /made so far is kept/ : /is gone: the next run starts afresh/, name);
        await write(page, 1, "console.log(typeof turns);");
        await page.getByRole("button", { name: run(1), exact: true }).click();
        await state(page, 1, "done");
        assert.deepEqual(await printed(page, 1), [isKept ? "number" : "undefined"], name);
      });
    }
  });

  await check(
    "a cell that prints without end shows its newest lines, in one text, and follows them",
    async () => {
      await visit(browser, url, async ({ page }) => {
        const lines =
          "for (let i = 1; i <= 20000; i++) {\n  console.log('line ' + i);\n}\nconsole.warn('careful');";
        await write(page, 0, lines);
        await page.getByRole("button", { name: run(0), exact: true }).click();
        await state(page, 0, "done");
        const text = cell(page, 0).locator(".cell-text");
        assert.equal((await printed(page, 0)).length, 1000);
        assert.deepEqual((await printed(page, 0)).slice(-2), ["line 20000", "careful"]);
        assert.match(await cell(page, 0).locator(".cell-note").innerText(), /^19,001 earlier outputs/);
        assert.equal(await text.evaluate((block) => block.childNodes.length), 2);
        const below = (block: Element): number => block.scrollHeight - block.scrollTop - block.clientHeight;
        const toEnd = await text.evaluate(below);
        assert.ok(toEnd < 8, `${toEnd} px below what is shown`);
        // In one text, and so in one draw.
        await write(page, 0, "console.log(Array.from({ length: 200 }, (_, i) => 'line ' + i).join('\\n'));");
        await page.getByRole("button", { name: run(0), exact: true }).click();
        await state(page, 0, "done");
        assert.equal((await printed(page, 0)).length, 200);
        assert.ok((await text.evaluate(below)) < 8);
      });
    },
  );

  await check(
    "the value of a cell's last expression is shown, names get hints, lines have numbers",
    async () => {
      await visit(browser, url, async ({ page }) => {
        const shown = async (code: string): Promise<string> => {
          await write(page, 0, code);
          await page.keyboard.press("Shift+Enter");
          await page.locator(".notebook-status", { hasText: /Done|failed/ }).waitFor();
          return (await cell(page, 0).locator(".cell-output").innerText()).trim();
        };
        assert.equal(
          await shown('import { tensor } from "flambeau";\ntensor([1, 2]).mul(2)'),
          "tensor([2., 4.])",
        );
        assert.equal(await shown('"text";'), "'text'");
        assert.match(await shown("tensor([1]).item()"), /^Promise .*put `await` before it/);
        assert.match(await shown("ones([2])"), /import { ones } from "flambeau"/);
        assert.match(await shown("new Linear(1, 1)"), /nn\.Linear, with import { nn } from "flambeau"/);
        assert.match(await shown("tensr([2])"), /Did you mean tensor\?/);
        assert.match(
          await shown("tensor([2]).requires_grad_()"),
          /"requires_grad_" is written requiresGrad_ here/,
        );
        assert.match(await shown("tensor([2]).reshap([1])"), /Did you mean \.reshape\(\)\?/);
        assert.match(
          await shown('import { tensr } from "flambeau";'),
          /no export named tensr: did you mean tensor\?/,
        );
        await write(page, 0, "1\n2\n3");
        assert.deepEqual(
          await cell(page, 0).locator(".cm-lineNumbers .cm-gutterElement:visible").allInnerTexts(),
          ["1", "2", "3"],
        );
      });
    },
  );

  await check("edits survive a reload, go with a link, and can be taken back", async () => {
    await visit(browser, url, async ({ page }) => {
      const text = (index: number): Promise<string> => cell(page, index).locator(".cm-content").innerText();
      const original = await text(1);
      await write(page, 1, 'console.log("édité");');
      await open(page, url);
      assert.equal(await text(1), 'console.log("édité");');
      await page.getByRole("button", { name: "Share" }).click();
      await page.locator(".notebook-status", { hasText: "The link to this page with your edits" }).waitFor();
      const link = page.url();
      await page.getByRole("button", { name: "Revert cell 2" }).click();
      assert.equal(await text(1), original);
      assert.equal(page.url(), url);
      assert.equal(await page.getByRole("button", { name: "Revert cell 2" }).count(), 0);
      await visit(browser, link, async ({ page: other }) => {
        await other.locator(".notebook-status", { hasText: "read it before you run it" }).waitFor();
        assert.equal(await cell(other, 1).locator(".cm-content").innerText(), 'console.log("édité");');
        await other.getByRole("button", { name: "Reset" }).click();
        assert.equal(await cell(other, 1).locator(".cm-content").innerText(), original);
      });
      await visit(browser, `${link.slice(0, -9)}`, async ({ page: other }) => {
        await other.locator(".notebook-status", { hasText: "link is damaged" }).waitFor();
        assert.equal(await cell(other, 1).locator(".cm-content").innerText(), original);
      });
    });
  });

  await check(
    "TypeScript comes with the first edit: errors, completion and docstrings in the cell",
    async () => {
      await visit(browser, url, async ({ page }) => {
        const fetched: string[] = [];
        page.on("request", (request) => fetched.push(request.url()));
        const isTypeScript = (): boolean => fetched.some((address) => /language/.test(address));
        await open(page, url);
        await page.getByRole("button", { name: run(0), exact: true }).click();
        await state(page, 0, "done");
        assert.equal(isTypeScript(), false);
        await write(page, 1, 'import { ones } from "flambeau";\nconst shaped = ones([2, 3]).reshap([3, 2]);');
        const error = cell(page, 1).locator(".cm-lintRange-error");
        await error.waitFor();
        assert.equal(await page.locator('[data-typescript="loading"]').count(), 0);
        assert.equal(isTypeScript(), true);
        assert.equal(await error.innerText(), "reshap");
        await error.hover();
        await page.locator(".cm-tooltip-lint", { hasText: "Did you mean 'reshape'?" }).waitFor();
        await page.screenshot({ path: join(root, ".cache", "screens", "cell-error.png") });
        await write(page, 1, 'import { ones } from "flambeau";\nones([2, 3]).reshap');
        await page.keyboard.press("Control+Space");
        const options = cell(page, 1).locator(".cm-tooltip-autocomplete li");
        await options.first().waitFor();
        assert.equal(await options.first().innerText(), "reshape");
        await page.locator(".cm-completionInfo .cm-signature", { hasText: "reshape:" }).waitFor();
        await page.screenshot({ path: join(root, ".cache", "screens", "cell-completion.png") });
        await page.keyboard.press("Enter");
        assert.match(await cell(page, 1).locator(".cm-content").innerText(), /\.reshape$/);
        await cell(page, 1)
          .locator(".cm-line")
          .nth(1)
          .hover({ position: { x: 30, y: 8 } });
        await page.locator(".cm-tooltip-hover", { hasText: "ones(" }).locator("p").first().waitFor();
        await page.screenshot({ path: join(root, ".cache", "screens", "cell-hover.png") });
      });
    },
  );

  await check("reset brings the page back as it was", async () => {
    await visit(browser, url, async ({ page }) => {
      const before = await cell(page, 0).innerText();
      await write(page, 0, "console.log('edited');");
      await page.getByRole("button", { name: run(0), exact: true }).click();
      await state(page, 0, "done");
      await page.getByRole("button", { name: "Reset" }).click();
      await state(page, 0, "idle");
      assert.equal(await cell(page, 0).innerText(), before);
    });
  });

  await check("everything can be done by keyboard", async () => {
    await visit(browser, url, async ({ page }) => {
      await page.getByRole("button", { name: run(0), exact: true }).focus();
      await page.keyboard.press("Tab");
      assert.ok(await isIn(0), "Tab moves from the button into the editor");
      await page.keyboard.press("Control+A");
      await page.keyboard.type("console.log(6 * 7)");
      await page.keyboard.press("Shift+Enter");
      await state(page, 0, "done");
      assert.deepEqual(await printed(page, 0), ["42"]);
      assert.ok(await isIn(0), "running leaves the focus where it is");
      await page.keyboard.press("Tab");
      assert.ok(await isIn(0), "Tab indents");
      await page.keyboard.press("Escape");
      await page.keyboard.press("Tab");
      assert.ok(!(await isIn(0)), "Escape, then Tab, leaves the editor");

      await page.getByLabel("CPU").focus();
      await page.keyboard.press("ArrowRight");
      assert.ok(await page.getByLabel("WebGPU").isChecked());
      await page.getByRole("button", { name: "Reset" }).focus();
      await page.keyboard.press("Enter");
      await page.locator(".notebook-status", { hasText: "Reset" }).waitFor();

      function isIn(index: number): Promise<boolean> {
        return cell(page, index).evaluate(
          (section) => section.querySelector(".cm-content") === document.activeElement,
        );
      }
    });
  });

  await check(
    "the device switch starts afresh on the other device, and GPU tensors show their values",
    async () => {
      await visit(browser, url, async ({ page }) => {
        await write(
          page,
          0,
          'import { tensor } from "flambeau";\nconst x = tensor([1, 2]).to(device);\nconsole.log(device, x.device, x, [x.add(1)]);\nx.add_(5);\nconsole.log("last");',
        );
        await page.getByLabel("WebGPU").check();
        await page.getByRole("button", { name: run(0), exact: true }).click();
        await state(page, 0, "done");
        const lines = await printed(page, 0);
        assert.equal(lines.at(-1), "last");
        assert.match(lines.join(" "), /^webgpu webgpu tensor\(\[1\., 2\.\].*tensor\(\[2\., 3\.\]/);
        await page.getByLabel("CPU").check();
        await page.getByRole("button", { name: run(0), exact: true }).click();
        await state(page, 0, "done");
        assert.deepEqual(await printed(page, 0), ["cpu cpu tensor([1., 2.]) [ tensor([2., 3.]) ]", "last"]);
      });
    },
  );

  await check("a browser without WebGPU keeps the switch on the CPU", async () => {
    await visit(browser, "about:blank", async ({ page }) => {
      await page.addInitScript(() => {
        Object.defineProperty(Navigator.prototype, "gpu", { value: undefined });
        delete (Navigator.prototype as { gpu?: unknown }).gpu;
      });
      await page.goto(url);
      await page.locator(".cell-run:disabled").first().waitFor({ state: "detached" });
      assert.ok(await page.getByLabel("WebGPU").isDisabled());
      await runAll(page);
    });
  });

  await check("the page reads without JavaScript, output and figures included", async () => {
    const options = { javaScriptEnabled: false };
    const context = await newContext(browser, options);
    const page = await context.newPage();
    await page.goto(`${isolated.url}chapter/3-networks.html`);
    assert.ok((await page.locator(".cell-static code").count()) > 10);
    assert.ok((await page.locator(".cell-figure").count()) > 4);
    assert.match(
      await page
        .locator(".cell-text")
        .allInnerTexts()
        .then((all) => all.join("\n")),
      /epoch: 5, loss: 93\.9236/,
    );
    await context.close();
  });
}
