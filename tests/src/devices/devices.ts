/**
 * The devices that the suite runs on besides the CPU: WebGPU, and one that stands in for it on any machine (waits.ts).
 *
 * Without a GPU adapter the tests of WebGPU are reported as skipped, by name; where CI is "true" they fail.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { webgpu as gpu } from "flambeau";
import { gpuDraws, shareOf } from "../draws.ts";
import { setting } from "../setting.ts";
import { waits } from "./waits.ts";

/** A device, and why its tests are skipped. */
export interface TestDevice {
  readonly name: string;
  readonly skip: false | string;
  /** The cases that are drawn of each sample. */
  readonly draws: number;
}

let problem: string | null = null;
try {
  await gpu.init();
} catch (error) {
  problem = String(error);
}
if (problem !== null && setting("CI") === "true") {
  test("a WebGPU adapter is there where CI is set", () => assert.fail(problem as string));
}

export const devices: readonly TestDevice[] = [
  { name: waits.name, skip: false, draws: shareOf(15) },
  { name: "webgpu", skip: problem === null ? false : "no WebGPU adapter on this machine", draws: gpuDraws },
];
/** The same without the stand-in. */
export const webgpu: TestDevice = devices[1];

/** A test on a device, skipped by name where the device is missing. */
export function testOn(device: TestDevice, name: string, run: () => void | Promise<void>): void {
  test(`${name} on ${device.name}`, { skip: device.skip }, run);
}
