/** Planes of neighbouring channels of one image. */
export interface Planes {
  readonly image: number;
  readonly channel: number;
  readonly channels: number;
}

/** The planes in `count` parts or more, of whole images where there are enough. */
export function cut(images: number, channels: number, count: number): Planes[][] {
  const whole = (image: number): Planes => ({ image, channel: 0, channels });
  if (images >= count)
    return split(images, count).map(([from, to]) =>
      Array.from({ length: to - from }, (_, k) => whole(from + k)),
    );
  const pieces = split(channels, Math.ceil(count / images));
  return Array.from({ length: images }, (_, image) => image).flatMap((image) =>
    pieces.map(([from, to]) => [{ image, channel: from, channels: to - from }]),
  );
}

/** As many even ranges of `whole` things, but none without any. */
function split(whole: number, count: number): [number, number][] {
  const parts = Math.min(count, whole);
  const from = (part: number): number => Math.floor((part * whole) / parts);
  return Array.from({ length: parts }, (_, part) => [from(part), from(part + 1)]);
}
