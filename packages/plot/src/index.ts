export { type ActivationClass, type ActivationsOptions, plotActivations } from "./activations.ts";
export type { Range } from "./axis.ts";
export { type ClassificationOptions, plotClassification2d, type Transform } from "./classification.ts";
export type { Numbers, Values } from "./data.ts";
export { Figure } from "./figure.ts";
export type { NodesModel } from "./hidden-layer.ts";
export type { Model } from "./model.ts";
export { type NodesOptions, plotNodes } from "./nodes.ts";
export { plotRegression, type RegressionOptions } from "./regression.ts";
