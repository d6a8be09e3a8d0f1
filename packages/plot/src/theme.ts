/** The looks shared by all figures. */

/** One colour per class or line, told apart by most eyes with and without full colour vision. */
const PALETTE: readonly string[] = [
  "#4269d0",
  "#ff725c",
  "#3ca951",
  "#a463f2",
  "#efb118",
  "#6cc5b0",
  "#ff8ab7",
  "#9c6b4e",
  "#97bbf5",
  "#9498a0",
];

/** The colour of class or line `index`; after the tenth they repeat. */
export function colorOf(index: number): string {
  return PALETTE[index % PALETTE.length];
}

/** Ink, paper and the quiet parts. The paper is painted, so that a figure reads the same on a dark page. */
export const INK: string = "#24292f";
export const PAPER: string = "#ffffff";
export const GRID: string = "#e4e7eb";
export const FRAME: string = "#b8bec6";
/** What a model predicts. */
export const PREDICTION: string = "#d62728";

export const FONT: string =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
export const FONT_SIZE: number = 13;
export const TITLE_SIZE: number = 16;

/** The colour a part of the way from `from` to `to`, both `#rrggbb`. */
export function mix(from: string, to: string, part: number): string {
  const channel = (at: number): string => {
    const a = Number.parseInt(from.slice(at, at + 2), 16);
    const b = Number.parseInt(to.slice(at, at + 2), 16);
    return Math.round(a + (b - a) * part)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}
