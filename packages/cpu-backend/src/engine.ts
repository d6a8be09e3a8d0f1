/** Whether this is Bun, whose engine is not V8: it collects otherwise, and keeps fewer values in registers. */
export const isBun: boolean = "Bun" in globalThis;
