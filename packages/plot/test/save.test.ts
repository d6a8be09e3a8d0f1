/** Figures as files and Blobs. What a page's canvas draws is tested in Chromium. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { ArgumentError, ValueError } from "@flambeau/backend";
import { download, FileError } from "@flambeau/files";
import { CanvasError, type Figure, plotLines } from "@flambeau/plot";

let folder = "";
let figure: Figure;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "flambeau-plot-"));
  figure = await plotLines([3, 2, 1], { title: "Verlust \u2013 \u03b2" });
});
after(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

describe("save", () => {
  test("writes the SVG text, in place of what was there, and nothing beside it", async () => {
    await (await plotLines([1, 2])).save(at("a.svg"));
    await figure.save(at("a.svg"));
    assert.equal(readFileSync(at("a.svg"), "utf8"), figure.svg);
    await figure.save(pathToFileURL(at("b 1.SVG")) as URL);
    await figure.save(at("c.txt"), { format: "svg" });
    for (const name of ["b 1.SVG", "c.txt"]) assert.equal(readFileSync(at(name), "utf8"), figure.svg);
    assert.deepEqual(readdirSync(folder).sort(), ["a.svg", "b 1.SVG", "c.txt"]);
  });

  test("writes to a stream in a format that is given", async () => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const [text] = await Promise.all([
      new Response(readable).text(),
      figure.save(writable, { format: "svg" }),
    ]);
    assert.equal(text, figure.svg);
  });

  test("a folder that is not there is named", async () => {
    await assert.rejects(figure.save(at("plots/a.svg")), (error) => {
      assert.ok(error instanceof FileError);
      assert.equal(error.message, `${at("plots/a.svg")}: there is no folder "${at("plots")}"; make it first`);
      return true;
    });
  });

  test("says which formats there are", async () => {
    for (const name of ["loss.pdf", "loss", "my.plots/loss", ".svg/loss.jpg"]) {
      await assert.rejects(figure.save(at(name)), (error) => {
        assert.ok(error instanceof ValueError);
        assert.match(error.message, /^save: .* ends in neither \.svg nor \.png; give \{ format: "svg" \}/);
        return true;
      });
    }
    await assert.rejects(figure.save(new WritableStream()), /the target has no name that says the format/);
    await assert.rejects(
      figure.save(at("a.svg"), { format: "pdf" as never }),
      /save: format is "svg" or "png"; got "pdf"/,
    );
    await assert.rejects(figure.save(5 as never), ArgumentError);
    await assert.rejects(figure.save(new (class Somewhere {})() as never, { format: "svg" }), ArgumentError);
  });

  test("a download is a page's", async () => {
    await assert.rejects(figure.save(download("a.svg")), /only a page downloads files/);
  });

  test("pixels need a canvas: the error says what to do, and no file is made", async () => {
    await assert.rejects(figure.save(at("d.png")), (error) => {
      assert.ok(error instanceof CanvasError);
      assert.match(error.message, /^save: this runtime has no canvas .*save as \.svg, or .*@resvg\/resvg-js/);
      return true;
    });
    assert.ok(!readdirSync(folder).includes("d.png"));
  });
});

describe("toBlob", () => {
  test("gives the SVG text with its type", async () => {
    const blob = await figure.toBlob("image/svg+xml");
    assert.ok(blob instanceof Blob);
    assert.equal(blob.type, "image/svg+xml");
    assert.equal(await blob.text(), figure.svg);
  });

  test("pixels need a canvas, and other types are none", async () => {
    await assert.rejects(figure.toBlob(), CanvasError);
    await assert.rejects(figure.toBlob({ scale: 0 }), ValueError);
    await assert.rejects(
      figure.toBlob({ scale: Number.NaN }),
      /^ValueError: toBlob: scale is how many pixels .* above 0; got NaN$/,
    );
    await assert.rejects(figure.toBlob("image/webp" as never), ArgumentError);
  });
});
