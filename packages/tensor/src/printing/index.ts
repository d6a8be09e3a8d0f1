export { formatTensor, type PrintSource } from "./format-tensor.ts";
export { getPrintOptions, type PrintOptions, setPrintOptions } from "./options.ts";
