import type { Module } from "@flambeau/nn";
import { grouped, product } from "./numbers.ts";

/** One line of the table: a module at one of its calls. */
export class LayerInfo {
  /** The module that was called. */
  readonly module: Module;
  /** The name of the module's class. */
  readonly className: string;
  /** How deep the module lies in the model: 1 for its children. */
  readonly depth: number;
  /** Which of the calls at this depth it is, from 1; null for a module that only holds others and is not called. */
  readonly depthIndex: number | null;
  /** The line of the module that holds it; null for the model itself. */
  readonly parent: LayerInfo | null;
  /** Parameters of the module and those below it. */
  readonly numParams: number;
  /** Whether all parameters collect gradients. */
  readonly trainable: boolean;
  /** The weight's shape with its first two sizes exchanged: inputs before outputs. */
  readonly kernelSize: readonly number[];
  /** Other parameters with "weight" in their names, and their shapes. */
  readonly innerLayers: Readonly<Record<string, readonly number[]>>;
  /** The shape of its first input; empty when it was not called. */
  inputSize: readonly number[] = [];
  /** The shape of its result; empty when it was not called. */
  outputSize: readonly number[] = [];
  /** Multiplications (each with an addition) that the weights take part in. */
  multAdds = 0;
  /** Whether an earlier line has the same module. */
  isRecursive = false;
  /** Whether the call has ended. */
  executed = false;

  constructor(module: Module, depth: number, depthIndex: number | null, parent: LayerInfo | null) {
    this.module = module;
    this.className = module.constructor.name;
    this.depth = depth;
    this.depthIndex = depthIndex;
    this.parent = parent;
    let numParams = 0;
    let trainable = true;
    let kernelSize: readonly number[] = [];
    const innerLayers: Record<string, readonly number[]> = {};
    for (const [name, parameter] of module.namedParameters()) {
      numParams += parameter.numel();
      trainable &&= parameter.requiresGrad;
      const [first, second, ...rest] = parameter.shape;
      if (name === "weight") kernelSize = second === undefined ? parameter.shape : [second, first, ...rest];
      else if (isWeight(name)) innerLayers[name] = parameter.shape;
    }
    this.numParams = numParams;
    this.trainable = trainable;
    this.kernelSize = kernelSize;
    this.innerLayers = innerLayers;
  }

  /**
   * Counts the multiplications from the weights: once each, and for a convolution once at every position of the output.
   * A module counts those of the modules below it too.
   */
  countMultAdds(): void {
    for (const [name, parameter] of this.module.namedParameters()) {
      if (!isWeight(name)) continue;
      const everywhere = name === "weight" && this.className.includes("Conv");
      this.multAdds += parameter.numel() * (everywhere ? product(this.outputSize.slice(2)) : 1);
    }
  }

  /** Whether the table counts this line's parameters itself, rather than leaving them to lines below. */
  counts(reachedMaxDepth: boolean): boolean {
    return reachedMaxDepth || !hasChildren(this.module);
  }

  /** The number of parameters as the table shows it. */
  numParamsText(reachedMaxDepth: boolean): string {
    if (this.isRecursive) return "(recursive)";
    if (this.numParams === 0 || !this.counts(reachedMaxDepth)) return "--";
    return this.trainable ? grouped(this.numParams) : `(${grouped(this.numParams)})`;
  }

  /** The number of mult-adds as the table shows it. */
  multAddsText(reachedMaxDepth: boolean): string {
    return this.numParams > 0 && this.counts(reachedMaxDepth) ? grouped(this.multAdds) : "--";
  }

  /** "Linear: 1-2". */
  toString(): string {
    return `${this.className}: ${this.depth}${this.depthIndex === null ? "" : `-${this.depthIndex}`}`;
  }
}

function isWeight(name: string): boolean {
  return name.toLowerCase().includes("weight");
}

/** Empty containers count as nothing, as an object of length zero does in Python. */
export function hasChildren(module: Module): boolean {
  return module.children().some((child) => !("length" in child && child.length === 0));
}
