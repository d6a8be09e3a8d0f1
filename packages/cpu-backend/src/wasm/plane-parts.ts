/** Planes of neighbouring channels of neighbouring images. */
export interface Planes {
  readonly image: number;
  readonly images: number;
  readonly channel: number;
  readonly channels: number;
}

/** The planes in `count` parts or more, of whole images where there are enough. */
export function cut(images: number, channels: number, count: number): Planes[] {
  if (images >= count)
    return split(images, count).map(([image, to]) => ({ image, images: to - image, channel: 0, channels }));
  const pieces = split(channels, Math.ceil(count / images));
  return Array.from({ length: images }, (_, image) =>
    pieces.map(([channel, to]) => ({ image, images: 1, channel, channels: to - channel })),
  ).flat();
}

/** As many even ranges of `whole` things, but none without any. */
function split(whole: number, count: number): [number, number][] {
  const parts = Math.min(count, whole);
  const from = (part: number): number => Math.floor((part * whole) / parts);
  return Array.from({ length: parts }, (_, part) => [from(part), from(part + 1)]);
}
