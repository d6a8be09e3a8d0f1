import { loadNpz } from "@flambeau/serialization";
import type { Reader } from "./place.ts";

export const readNpz: Reader = async (input, place) => loadNpz(await input.readAll(), place);
