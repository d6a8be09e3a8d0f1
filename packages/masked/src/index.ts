/**
 * `torch.masked`: reductions and normalizations of the elements that a mask selects.
 *
 * @module
 */
export {};
