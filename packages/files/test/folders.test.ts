import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { ValueError } from "@flambeau/backend";
import { checkFolder, FileError, saveFolder } from "../src/index.ts";
import { onFullDisk } from "./full-disk.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "folders-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function* files(fails = false): AsyncGenerator<readonly [string, Uint8Array]> {
  yield ["a.txt", new Uint8Array([1, 2, 3])];
  yield ["b/c/d.bin", new Uint8Array(1000)];
  if (fails) throw new Error("enough");
}

const isFull = (error: unknown): boolean => error instanceof FileError && error.code === "ENOSPC";

test("a folder appears with its files, also where an empty one is", async () => {
  const target = join(folder, "new");
  await saveFolder("f", target, files());
  assert.deepEqual([...readFileSync(join(target, "a.txt"))], [1, 2, 3]);
  assert.equal(readFileSync(join(target, "b", "c", "d.bin")).length, 1000);
  const empty = join(folder, "empty");
  mkdirSync(empty);
  assert.equal(await checkFolder("f", `${empty}//`), empty);
  await saveFolder("f", `${empty}/`, files());
  assert.deepEqual(readdirSync(folder).sort(), ["empty", "new"]);
  assert.deepEqual(readdirSync(empty).sort(), ["a.txt", "b"]);
});

test("one that is there with files, and a file, stay", async () => {
  const target = join(folder, "mine");
  mkdirSync(target);
  writeFileSync(join(target, "a.txt"), "mine");
  await assert.rejects(
    saveFolder("f", target, files()),
    (error) => error instanceof FileError && error.code === "ENOTEMPTY" && error.target === target,
  );
  assert.equal(readFileSync(join(target, "a.txt"), "utf8"), "mine");
  await assert.rejects(
    saveFolder("f", join(target, "a.txt"), files()),
    /there is a file of that name; name a folder/,
  );
  assert.deepEqual(readdirSync(folder), ["mine"]);
});

test("an error or a full disk leaves nothing", async () => {
  const target = join(folder, "new");
  await assert.rejects(saveFolder("f", target, files(true)), /^Error: enough$/);
  for (const room of [0, 2, 500])
    await onFullDisk(folder, room, () => assert.rejects(saveFolder("f", target, files()), isFull));
  assert.deepEqual(readdirSync(folder), []);
  await assert.rejects(
    saveFolder("f", join(folder, "no", "new"), files()),
    /there is no folder ".*no"; make it first/,
  );
  await assert.rejects(saveFolder("f", "hf:a/b", files()), ValueError);
});
