import type { Slider } from "../slider.ts";

export const sliders: readonly Slider[] = [
  {
    name: "lr",
    label: "Learning rate",
    values: [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03],
    initial: 0.003,
  },
  {
    name: "temperature",
    label: "Temperature of the letters that it writes",
    values: [0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.5, 2],
    initial: 0.8,
  },
];

/** Letters that were written; a new text begins where `isFirst`. */
export interface GptShown {
  readonly letters: string;
  readonly isFirst: boolean;
}
