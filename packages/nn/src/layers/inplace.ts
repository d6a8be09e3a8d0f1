import { Module } from "../module/module.ts";
import { boolText } from "../module/text.ts";

/** Options of activations that PyTorch can run in place. */
export interface InplaceOptions {
  /**
   * `ReLU` overwrites its input; of the others it is only shown in the text, and the result is in fresh memory.
   * Default false.
   */
  readonly inplace?: boolean;
}

/** An activation with one more option besides the ones shared. */
export abstract class Inplace extends Module {
  inplace: boolean;

  constructor(options: InplaceOptions) {
    super();
    this.inplace = options.inplace ?? false;
  }

  /** The text of the option, after others or alone; nothing unless it is set. */
  protected inplaceText(before = ""): string {
    return this.inplace ? `${before}inplace=${boolText(true)}` : "";
  }

  override extraRepr(): string {
    return this.inplaceText();
  }
}
