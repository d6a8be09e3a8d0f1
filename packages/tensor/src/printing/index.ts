export { formatTensor, type PrintSource } from "./format-tensor.ts";
export { getPrintOptions, type PrintOptions, resolvePrintOptions, setPrintOptions } from "./options.ts";
