import type { Slider } from "../slider.ts";

export const sliders: readonly Slider[] = [
  {
    name: "channels",
    label: "Channels",
    values: [2, 4, 8, 16, 32],
    initial: 16,
    rebuilds: true,
  },
  {
    name: "lr",
    label: "Learning rate",
    values: [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03],
    initial: 0.003,
  },
];

/** What is shown now and then: the share of the images put aside that is read right. */
export interface DigitsShown {
  readonly accuracy: number;
}

/** A drawing of 64 numbers from 0 to 16 to read, or the number of an image that was put aside. */
export type DigitsQuestion = { readonly drawing: Float32Array } | { readonly example: number };

export type DigitsAnswer =
  | { readonly probabilities: readonly number[] }
  | { readonly image: readonly number[]; readonly label: number };
