/** Calls of PyTorch's constructors that make modules as those that are given. */
import { quote } from "@flambeau/backend";
import * as nn from "@flambeau/nn";
import { Tensor } from "@flambeau/tensor";
import { ExportError } from "../errors.ts";
import { type BodyExpr, Constant, type Hole } from "../hole.ts";
import { boolOf, dtypeOf, none, stringOf } from "../python/literals.ts";
import { type Arg, atom, call, dotted, hole, named } from "../python/tree.ts";
import { smallTensor } from "../tensors.ts";
import { classOf } from "./class-of.ts";
import { settingsOf } from "./settings.ts";
import { type Parameter, parametersOf } from "./table.ts";

/** What the code around a constructor says of other parts. */
export interface Surroundings {
  /** The constructor of a module within this one. */
  readonly child: (module: nn.Module) => BodyExpr;
  /** The name of a class that the file brings along, as only later versions of PyTorch have it. */
  readonly helper: (name: string) => string;
  /** Where tensors among the settings are to be, which are buffers in a model. */
  readonly device?: BodyExpr;
}

/**
 * The call of a constructor.
 *
 * @throws ExportError when PyTorch has no such module, or one of its settings is a function that has no name there.
 */
export function constructorOf(module: nn.Module, around: Surroundings): BodyExpr {
  const container = containerOf(module, around.child);
  if (container !== undefined) return container;
  const Kind = classOf(module);
  const parameters = parametersOf(Kind);
  if (parameters === undefined) throw new ExportError(`PyTorch has no module ${Kind}`);
  const { values, helper, as = Kind, extra = [] } = settingsOf(module, Kind, around.child);
  const callee = helper === undefined ? `nn.${as}` : around.helper(helper);
  return call<Hole>(dotted(callee), ...argumentsOf(Kind, parameters, values, around.device), ...extra);
}

/** The arguments that differ from PyTorch's defaults; those without a default by position. */
function argumentsOf(
  Kind: string,
  parameters: readonly Parameter[],
  values: Readonly<Record<string, unknown>>,
  device: BodyExpr | undefined,
): Arg<Hole>[] {
  let isPositional = true;
  const args: Arg<Hole>[] = [];
  parameters.forEach(({ name, initial, sameAs }, i) => {
    const value = values[name];
    const isGiven = initial === undefined && sameAs === undefined && name !== "dtype";
    const usual = sameAs === undefined ? initial : values[sameAs];
    if (!isGiven && (value === undefined || isSame(value, usual))) {
      isPositional = false;
      return;
    }
    // The first setting of a layer without sizes goes without its name, as in `nn.Dropout(0.1)`.
    const isAlone = i === 0 && unnamed.has(name);
    const written = exprOf(value, name, `${Kind}: ${name}`, device);
    args.push((isGiven || isAlone) && isPositional ? { value: written } : named(name, written));
  });
  return args;
}

const unnamed: ReadonlySet<string> = new Set(["p", "negative_slope", "lambd", "upscale_factor", "start_dim"]);

function isSame(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || (Array.isArray(a) && String(a) === String(b));
}

/** A setting: a number that may differ between instances, a size, a word, a tensor of a few elements. */
function exprOf(value: unknown, name: string, what: string, device?: BodyExpr): BodyExpr {
  if (typeof value === "number") return hole<Hole>(new Constant(value, name));
  if (typeof value === "boolean") return boolOf(value);
  if (value === null) return none;
  if (typeof value === "string") return name === "dtype" ? dtypeOf(value as "float64") : stringOf(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => exprOf(item, name, what));
    return { kind: name === "cutoffs" ? "list" : "tuple", items };
  }
  if (value instanceof Tensor) return smallTensor(value, what, device);
  if (typeof value === "object" && value !== null && "kind" in value) return value as BodyExpr;
  throw new ExportError(`${what} is ${quote(value)}, which no file of code can hold`);
}

/** Sequences, lists and dictionaries of modules and parameters. */
function containerOf(module: nn.Module, child: Surroundings["child"]): BodyExpr | undefined {
  const parameter = (x: unknown): BodyExpr => parameterOf(x as Tensor);
  if (module instanceof nn.Sequential) {
    const items = module.children().length === 0 ? [] : [...module].map(child);
    const all = repeated(items, "*[");
    return call<Hole>(dotted("nn.Sequential"), ...(all === undefined ? items : [all]));
  }
  if (module instanceof nn.ModuleList) {
    const items = [...module].map((item) => child(item as nn.Module));
    const list = repeated(items, "[") ?? { kind: "list" as const, items };
    return call<Hole>(dotted("nn.ModuleList"), list);
  }
  if (module instanceof nn.ModuleDict) {
    const entries = [...module.entries()].map(([key, item]) => [key, child(item as nn.Module)] as const);
    return call<Hole>(dotted("nn.ModuleDict"), { kind: "dict", entries });
  }
  if (module instanceof nn.ParameterList)
    return call<Hole>(dotted("nn.ParameterList"), { kind: "list", items: [...module].map(parameter) });
  if (module instanceof nn.ParameterDict) {
    const entries = [...module.entries()].map(([key, x]) => [key, parameter(x)] as const);
    return call<Hole>(dotted("nn.ParameterDict"), { kind: "dict", entries });
  }
  return undefined;
}

/** Several that are written alike as a comprehension. */
function repeated(items: readonly BodyExpr[], open: string): BodyExpr | undefined {
  const [first] = items;
  const text = JSON.stringify(first);
  if (items.length < 2 || items.some((item) => JSON.stringify(item) !== text)) return undefined;
  return { kind: "repeated", item: first, count: items.length, open };
}

/** `nn.Parameter(torch.empty(2, 3))`: its elements come with the weights. */
export function parameterOf(x: Tensor): BodyExpr {
  const empty = emptyOf(x);
  const isFrozen = !x.requiresGrad;
  return call<Hole>(
    dotted("nn.Parameter"),
    empty,
    ...(isFrozen ? [named("requires_grad", boolOf(false))] : []),
  );
}

/** `torch.empty(2, 3)`. */
export function emptyOf(x: Tensor): BodyExpr {
  const sizes = x.shape.map((size) => hole<Hole>(new Constant(size, "size")));
  const shape = sizes.length === 0 ? [{ kind: "tuple" as const, items: [] }] : sizes;
  const dtype = x.dtype === "float32" ? [] : [named("dtype", dtypeOf(x.dtype))];
  return call<Hole>(atom("torch.empty"), ...shape, ...dtype);
}
