/** Words of other libraries for what PyTorch gives another name. */
const elsewhere: { readonly [word: string]: string } = { axis: "dim", axes: "dim", seed: "generator" };

/** The name that a misspelled or foreign one most probably stands for, or undefined where none is near. */
export function nearest(given: string, names: readonly string[]): string | undefined {
  const initials = given.replace(/(?<=\w)[a-z0-9]+/g, "").toLowerCase();
  const meant = names.find((name) => name === elsewhere[given] || (name === initials && name.length > 1));
  if (meant !== undefined) return meant;
  let best: string | undefined;
  let least = Math.max(2, Math.floor(given.length / 3)) + 1;
  for (const name of names) {
    const distance = edits(given.toLowerCase(), name.toLowerCase());
    if (distance < least) [least, best] = [distance, name];
  }
  // A part of a name is near whatever its length.
  return best ?? names.find((name) => isPart(name, given) || isPart(given, name));
}

function isPart(part: string, whole: string): boolean {
  return part.length > 2 && whole.toLowerCase().includes(part.toLowerCase());
}

/** How many letters have to be added, taken away or replaced. Source of the algorithm: Wagner and Fischer (1974). */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}
