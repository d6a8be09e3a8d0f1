/** A curve of as many points as can be told apart, as the path of an SVG. */

const MOST = 150;

/** Neighbours are averaged, so that a long training draws as fast as a short one. */
export function thinned(values: readonly number[]): number[] {
  const size = Math.ceil(values.length / MOST);
  const means: number[] = [];
  for (let from = 0; from < values.length; from += size) {
    const part = values.slice(from, from + size);
    means.push(part.reduce((sum, value) => sum + value, 0) / part.length);
  }
  return means;
}

/** The path through values at even distances, from 0 at the bottom to `top`; a value that is no number leaves a gap. */
export function pathOf(values: readonly number[], top: number, width: number, height: number): string {
  let isOpen = false;
  return values
    .map((value, i) => {
      if (!Number.isFinite(value)) {
        isOpen = false;
        return "";
      }
      const x = values.length === 1 ? 0 : (i / (values.length - 1)) * width;
      const y = height * (1 - Math.min(1, Math.max(0, value / top)));
      const command = isOpen ? "L" : "M";
      isOpen = true;
      return `${command}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join("");
}

/** The least of 1, 2 and 5 times a power of ten that is not under a number: where the axis ends. */
export function roundUp(value: number): number {
  if (!(value > 0) || !Number.isFinite(value)) return 1;
  const unit = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((factor) => factor * unit >= value) ?? 10) * unit;
}
