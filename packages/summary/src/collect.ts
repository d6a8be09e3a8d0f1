import type { Module } from "@flambeau/nn";
import { LayerInfo } from "./layer-info.ts";
import { sizeOf } from "./sizes.ts";

/** What is collected while a model runs. */
export interface Collection {
  readonly batchDim: number | null;
  readonly depth: number;
  readonly layers: LayerInfo[];
  /** How many calls there were at each depth. */
  readonly calls: Map<number, number>;
  /** Functions that remove the hooks; null when the model does not run and every module is listed at once. */
  readonly hooks: (() => void)[] | null;
}

/**
 * Hooks every module down to one level below `depth` (deeper ones would show in no line), so that each call of one
 * becomes a line. The order of lines, their numbering and what counts as a parent are those of torch-summary 1.4.4.
 */
export function collect(
  module: Module,
  root: Module,
  collection: Collection,
  depth = 0,
  parent: LayerInfo | null = null,
): void {
  const { batchDim, layers, calls, hooks } = collection;
  // Stands for a module that is never called, a ModuleList, say.
  let info = new LayerInfo(module, depth, null, parent);
  const begin = (): void => {
    calls.set(depth, (calls.get(depth) ?? 0) + 1);
    info = new LayerInfo(module, depth, calls.get(depth) as number, parent);
    info.isRecursive = info.numParams > 0 && layers.some((other) => other.module === module);
    layers.push(info);
  };
  const isLine = module !== root || module.modules().every((m) => m === root);
  if (isLine && hooks === null) begin();
  if (isLine && hooks !== null) {
    hooks.push(module.registerForwardPreHook(begin));
    hooks.push(
      module.registerForwardHook((_, args, output) => {
        info.inputSize = sizeOf(args, batchDim);
        info.outputSize = sizeOf(output, batchDim);
        info.countMultAdds();
        info.executed = true;
      }),
    );
  }
  if (depth > collection.depth) return;
  for (const child of module.children()) collect(child, root, collection, depth + 1, info);
}
