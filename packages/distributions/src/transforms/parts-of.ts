import { type Shape, ValueError } from "@flambeau/backend";
import { Transform } from "./transform.ts";

/** What the signatures of transforms made of others take. */
export interface TransformTypes {
  /** The transforms, in the order in which they are applied. */
  readonly parts: readonly Transform[];
  /** The transforms of the parts of a dimension. */
  readonly tseq: readonly Transform[];
  /** The transform of each event. */
  readonly baseTransform: Transform;
}

/** @throws ValueError when something is no transform. */
export function checkAll(what: string, transforms: readonly Transform[]): void {
  if (!Array.isArray(transforms) || transforms.some((one) => !(one instanceof Transform)))
    throw new ValueError(`${what} takes an array of transforms`);
}

/** @throws ValueError when a shape has fewer dimensions. */
export function checkDims(shape: Shape, least: number): void {
  if (shape.length < least)
    throw new ValueError(`too few dimensions on input: ${shape.length}, and an event has ${least}`);
}
