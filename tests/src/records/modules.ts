/** The modules of tests/fixtures/modules.json, built as they were in PyTorch. */
import * as nn from "@flambeau/nn";
import { Tensor } from "@flambeau/tensor";
import fixture from "../../fixtures/modules.json" with { type: "json" };
import { Arguments, type Written } from "./record.ts";

type ByName = Readonly<Record<string, Written>>;

/** A module with what PyTorch's has and gives; without inputs it is only built. */
export interface ModuleCase {
  readonly module: string;
  readonly args: readonly unknown[];
  readonly text: string;
  readonly state: ByName;
  /** Two numbers that the stream gives once the module is there. */
  readonly next: Written;
  readonly inputs?: readonly unknown[];
  readonly out?: readonly Written[];
  /** Gradients of the inputs that are leaves, and of parameters, with the outputs' elements weighted. */
  readonly grads?: readonly Written[];
  readonly parameters?: ByName;
  /** Afterwards. */
  readonly buffers?: ByName;
  /** In evaluation, where that is something else. */
  readonly eval?: readonly Written[];
}

/** The seed before a module is built, and before it runs. */
export const seed = 3;
export const moduleCases = fixture.cases as unknown as readonly ModuleCase[];

type Make = new (...args: unknown[]) => nn.Module;

/** Arguments that hold modules, too. */
class ModuleArguments extends Arguments {
  override read(x: unknown): unknown {
    if (typeof x === "object" && x !== null && "module" in x) return this.build(x as ModuleCase);
    return super.read(x);
  }

  build({ module, args }: Pick<ModuleCase, "module" | "args">): nn.Module {
    return new (nn as unknown as Record<string, Make>)[module](...args.map((arg) => this.read(arg)));
  }
}

const given = (): ModuleArguments =>
  new ModuleArguments(fixture.tensors as unknown as readonly Written[], {
    float: "float32",
    layout: "contiguous",
  });

export function build(c: ModuleCase): nn.Module {
  return given().build(c);
}

/** What a case is built of, afresh. */
export function argumentsOf({ args }: ModuleCase): unknown[] {
  const own = given();
  return args.map((arg) => own.read(arg));
}

/** The inputs of a case, and which of them are leaves. */
export function inputsOf(c: ModuleCase): { readonly inputs: Tensor[]; readonly leaves: Tensor[] } {
  const own = given();
  return { inputs: (c.inputs ?? []).map((x) => own.read(x) as Tensor), leaves: own.leaves };
}

/** What a call gave, as a list. */
export function outputsOf(result: unknown): readonly Tensor[] {
  if (result instanceof Tensor) return [result];
  return [...(result as Iterable<unknown>)].filter((x) => x !== null).flatMap(outputsOf);
}

export function describeModule({ module, args, inputs }: ModuleCase): string {
  return `${module}(${JSON.stringify(args).slice(1, -1)})${inputs === undefined ? "" : ` of ${inputs.length}`}`;
}
