/** Makes console.log show an object as its `toString` does, in Node, Bun and Deno. */
export function showAsText(prototype: object): void {
  for (const key of ["nodejs.util.inspect.custom", "Deno.customInspect"]) {
    Object.defineProperty(prototype, Symbol.for(key), {
      value(this: object): string {
        return String(this);
      },
    });
  }
}
