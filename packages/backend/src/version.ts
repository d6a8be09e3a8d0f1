/** The package's version, as its package.json has it; `npm run release:jsr` writes it. */
export const VERSION = "0.1.0";
