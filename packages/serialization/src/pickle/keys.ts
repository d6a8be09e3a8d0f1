/** Whether a key of an object is how JavaScript writes a whole number from 0 on, exactly. */
export function isWhole(key: string): boolean {
  return /^(0|[1-9][0-9]*)$/.test(key) && Number.isSafeInteger(Number(key));
}
