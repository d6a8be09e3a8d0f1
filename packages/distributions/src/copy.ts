import { type Copy, copyOf } from "@flambeau/backend";

/** The copy of this package that a program has loaded. */
export const COPY: Copy = copyOf("@flambeau/distributions", () => new Error().stack);
