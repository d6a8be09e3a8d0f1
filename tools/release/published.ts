/**
 * The version that npm and JSR have; null before the first release. `npm run release:version` writes it together with the
 * packages' versions, in the change that the release workflow publishes, and `npm run check:release` compares them. The
 * site and README say that nothing can be installed yet as long as it is null.
 */
export const publishedVersion: string | null = null;
