import { Module } from "../module/module.ts";
import { boolText } from "../module/text.ts";

/** An activation with one more option besides the ones shared. */
export abstract class Inplace extends Module {
  /** Whether the result is written over the input. */
  inplace: boolean;

  constructor(inplace: boolean) {
    super();
    this.inplace = inplace;
  }

  /** The text of the option, after others or alone; nothing unless it is set. */
  protected inplaceText(before = ""): string {
    return this.inplace ? `${before}inplace=${boolText(true)}` : "";
  }

  override extraRepr(): string {
    return this.inplaceText();
  }
}
