export { formatTensor, type PrintSource } from "./format-tensor.ts";
export type { PrintValue } from "./formatter.ts";
export { getPrintOptions, type PrintOptions, type PrintSettings, setPrintOptions } from "./options.ts";
