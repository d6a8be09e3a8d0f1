import { loadPt } from "@flambeau/serialization";
import type { Reader } from "./place.ts";

export const readPt: Reader = async (input, place) => loadPt(await input.readAll(), place);
