/** The last part of a path or address, without what follows "?" and "#". */
export function lastName(address: string): string {
  const path = /^[a-z]{2,}:/i.test(address) ? address.replace(/[?#].*$/s, "") : address;
  return path.split(/[/\\]/).pop() ?? path;
}
