/**
 * The op table of samples: for every op and public function with a gradient, how to draw calls of it. Nothing here knows
 * a device or runtime, so the table runs wherever tensors do.
 */
import { compositeSamples } from "./composite.ts";
import { elementwiseSamples } from "./elementwise.ts";
import type { Sample } from "./sample.ts";
import { structuralSamples } from "./structural.ts";

export { computing, indexForms, withoutGradient } from "./composite.ts";
export { elementwiseCases, functionOf, operands } from "./elementwise.ts";
export * from "./input.ts";
export { type Case, describeCase, type Sample } from "./sample.ts";

export const samples: readonly Sample[] = [...elementwiseSamples, ...structuralSamples, ...compositeSamples];
