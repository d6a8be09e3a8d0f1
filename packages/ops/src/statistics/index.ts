/** Statistics and differences: histograms, quantiles, integrals, derivatives at points. */
export * from "./gradient.ts";
export * from "./histogram.ts";
export * from "./nanquantile.ts";
export * from "./trapezoid.ts";
