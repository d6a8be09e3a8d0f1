/**
 * The version of all packages, which `npm run release:jsr` writes here.
 *
 * @internal
 */
export const VERSION: string = "0.1.0";
