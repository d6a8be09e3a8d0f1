import { Module, type Parameter } from "@flambeau/nn";
import { hasChildren, type LayerInfo } from "./layer-info.ts";

/** How many elements the parameters of a model have. */
export interface ParamCount {
  readonly total: number;
  readonly trainable: number;
}

/**
 * Counts the parameters of the table's lines, and those that lie beside layers, each once: what two layers share, or a module that
 * is called twice holds, is one. Which lines count, and that a layer trains as a whole or not at all, is as in torch-summary.
 */
export function countParams(model: Module, layers: readonly LayerInfo[], depth: number): ParamCount {
  const seen = new Set<Parameter>();
  let [total, trainable] = [0, 0];
  const add = (parameters: readonly Parameter[], trains: (parameter: Parameter) => boolean): void => {
    for (const parameter of parameters) {
      if (seen.has(parameter)) continue;
      seen.add(parameter);
      total += parameter.numel();
      if (trains(parameter)) trainable += parameter.numel();
    }
  };
  for (const layer of layers) {
    if (layer.depth === depth || (layer.depth < depth && !hasChildren(layer.module)))
      add(layer.module.parameters(), () => layer.trainable);
  }
  if (depth > 0) {
    const called = new Set(layers.filter((layer) => layer.depth < depth).map((layer) => layer.module));
    for (const holder of holdersOf(model, called))
      add(holder.parameters({ recurse: false }), (parameter) => parameter.requiresGrad);
  }
  return { total, trainable };
}

/** The model and the modules in it that lines or other holders lead to: those that were called, or that only hold. */
function holdersOf(model: Module, called: ReadonlySet<Module>): Set<Module> {
  const found = new Set([model]);
  // A set goes on to what is added while it is gone through.
  for (const holder of found) {
    for (const child of holder.children()) {
      if (called.has(child) || child.forward === Module.prototype.forward) found.add(child);
    }
  }
  return found;
}
