export { decodeNpy, encodeNpy, type NpyArray } from "./npy.ts";
