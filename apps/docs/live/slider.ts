/** A setting that a reader moves among a few round values. */
export interface Slider {
  /** Its key among the settings and in links. */
  readonly name: string;
  readonly label: string;
  /** From left to right. */
  readonly values: readonly number[];
  readonly initial: number;
  /** Whether the model and its data are made anew when it moves; others take effect while training goes on. */
  readonly rebuilds?: boolean;
}

/** The value of each slider by its name. */
export type Settings = Readonly<Record<string, number>>;

export function initialSettings(sliders: readonly Slider[]): Settings {
  return Object.fromEntries(sliders.map(({ name, initial }) => [name, initial]));
}

/** Where the value of a slider nearest to a number is. */
export function nearest(values: readonly number[], wanted: number): number {
  let best = 0;
  for (const [at, value] of values.entries())
    if (Math.abs(value - wanted) < Math.abs(values[best] - wanted)) best = at;
  return best;
}
