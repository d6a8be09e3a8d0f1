import type { Slider } from "../slider.ts";

export const sliders: readonly Slider[] = [
  {
    name: "width",
    label: "Hidden units",
    values: [1, 2, 3, 4, 8, 16, 32, 64, 128],
    initial: 16,
    rebuilds: true,
  },
  {
    name: "lr",
    label: "Learning rate",
    values: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5],
    initial: 0.02,
  },
  {
    name: "noise",
    label: "Noise of the data",
    values: [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4],
    initial: 0.15,
    rebuilds: true,
  },
  {
    name: "speed",
    label: "Steps a second, at most",
    values: [5, 10, 30, 100, 300, 1000, 3000],
    initial: 100,
  },
];

/** The part of the plane that is shown, and how many points of it a side has. */
export const plane = { left: -1.75, right: 2.75, bottom: -1.35, top: 1.85, columns: 90, rows: 64 } as const;

export type MoonPoint = readonly [x: number, y: number, label: number];

/** What the page is given to draw: first the points, then how likely class 1 is all over the plane, row by row from the top. */
export interface MoonsShown {
  readonly points?: readonly MoonPoint[] | undefined;
  readonly probabilities: Float32Array;
}
