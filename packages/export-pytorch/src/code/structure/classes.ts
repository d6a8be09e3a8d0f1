/** Classes of Python for the modules whose code is the user's: one for all that are built and run alike. */
import type { Call, Value } from "@flambeau/graph";
import { Buffer, Module, ModuleList, Parameter, Sequential } from "@flambeau/nn";
import type { Tensor } from "@flambeau/tensor";
import type { Body, Written } from "../body/body.ts";
import type { ModuleRow } from "../body/loops.ts";
import { parametersIn, stepsOf } from "../body/steps.ts";
import { writeBody } from "../body/write.ts";
import { ExportError } from "../errors.ts";
import { parametersOfFunction } from "../function-text.ts";
import { type BodyExpr, Constant } from "../hole.ts";
import { isOwnClass } from "../modules/class-of.ts";
import { constructorOf, emptyOf, parameterOf } from "../modules/construct.ts";
import { Names, snakeCase } from "../python/names.ts";
import { type Arg, atom, call as callOf, dotted, type Expr } from "../python/tree.ts";
import { type Flags, flagsBetween } from "./align.ts";
import { type Draft, type Line, type PythonClass, textOf } from "./draft.ts";
import { fieldsOf, pathsFrom } from "./fields.ts";
import { groupAlike } from "./group.ts";
import { bothModes } from "./modes.ts";
import { bodyOf } from "./separate.ts";
import { moduleCalls, type Traced } from "./traced.ts";
import { writesIn } from "./writes.ts";

type Done = Expr<Constant>;

/** What a file gathers while its classes are written. */
export interface FileContext {
  readonly helper: (name: string) => string;
  /** Tensors that the program holds outside of its modules: the buffer of a module for each. */
  readonly hold: (module: Module, tensor: Tensor, hint: string) => string;
  readonly held: (module: Module) => readonly (readonly [name: string, tensor: Tensor])[];
  readonly detached: Body["detached"];
  readonly tied: (module: Module) => readonly Line[];
}

/** The classes of a model, and the constructor of each module. */
export class Classes {
  readonly list: PythonClass[] = [];
  readonly #calls = new Map<Module, Call[]>();
  readonly #evaluations = new Map<Module, Call[]>();
  readonly #constructors = new Map<Module, BodyExpr>();
  readonly #names = new Names("classes");
  readonly #writes: ReadonlyMap<Value, Value>;
  readonly #context: FileContext;

  constructor(model: Module, { model: training, evaluation }: Traced, context: FileContext) {
    this.#context = context;
    const gather = (call: Call, calls: Map<Module, Call[]>): void => {
      for (const one of moduleCalls(call))
        if (one.module !== null) calls.set(one.module, [...(calls.get(one.module) ?? []), one]);
    };
    gather(training, this.#calls);
    gather(evaluation, this.#evaluations);
    this.#writes = new Map([...writesIn(training), ...writesIn(evaluation)]);
    const levels = new Map<number, Module[]>();
    heights(model, levels);
    for (const height of [...levels.keys()].sort((a, b) => a - b))
      this.#level(levels.get(height) as Module[]);
  }

  /** The call that makes a module. */
  constructorOf(module: Module): BodyExpr {
    const known = this.#constructors.get(module);
    if (known !== undefined) return known;
    return constructorOf(module, {
      child: (inner) => this.constructorOf(inner),
      helper: this.#context.helper,
    });
  }

  #level(modules: readonly Module[]): void {
    const drafts = modules.map((module) => this.#draft(module));
    for (const group of groupAlike(drafts)) {
      const name = this.#names.give(group.drafts[0].name);
      this.list.push({ name, ...group.written });
      group.drafts.forEach(({ module }, i) => {
        const args = group.values.map((values, k): Arg<Constant> => {
          const constant = new Constant(values[i], group.written.parameters[k]);
          return { value: { kind: "hole", hole: constant } };
        });
        this.#constructors.set(module, callOf<Constant>(atom(name), ...args));
      });
    }
  }

  #draft(module: Module): Draft {
    const [training, evaluation] = [this.#calls.get(module) ?? [], this.#evaluations.get(module) ?? []];
    return {
      module,
      name: classNameOf(module),
      forward: this.#both(module, training, evaluation),
      init: this.#init(module),
    };
  }

  /** What a module computes in both modes. */
  #both(module: Module, training: readonly Call[], evaluation: readonly Call[]): Written | null {
    const flags = training.map((call, i) =>
      i < evaluation.length ? flagsBetween(call, evaluation[i]) : undefined,
    );
    if (training.length === evaluation.length && flags.every((one) => one !== undefined))
      return this.#only(module, training, flags);
    const [a, b] = [this.#only(module, training), this.#only(module, evaluation)];
    return a === null || b === null ? (a ?? b) : bothModes(a, b);
  }

  /** What a module computes when it is called, which has to be one. */
  #only(module: Module, calls: readonly Call[], flags: readonly Flags[] = []): Written | null {
    const [forward = null, ...others] = calls.map((call, i) => this.#forward(module, call, flags[i]));
    if (others.some((other) => textOf(other) !== textOf(forward)))
      throw new ExportError(
        `${calls[0].name} (${calls[0].path.replace(/^model\.?/, "")}) computes something else each time it is called: what it does depends on more than the tensors it is given`,
      );
    return forward;
  }

  #init(module: Module): Line[] {
    const first = new Map<object, string>();
    const lines = fieldsOf(module).map(({ python, member }): Line => {
      const before = `self.${python} = `;
      const earlier = first.get(member);
      if (earlier !== undefined) return { before, expr: atom(`self.${earlier}`) };
      first.set(member, python);
      if (member instanceof Buffer) return bufferLine(python, member);
      if (member instanceof Parameter) return { before, expr: parameterOf(member) as Done };
      return { before, expr: this.constructorOf(member) as Done };
    });
    const held = this.#context.held(module).map(([name, tensor]) => bufferLine(name, tensor));
    return [...lines, ...held, ...this.#context.tied(module)];
  }

  #forward(module: Module, call: Call, flags?: Flags): Written {
    const paths = pathsFrom(module, atom("self"));
    const { args, inner } = bodyOf(call);
    const steps = stepsOf(inner, {
      moduleOf: (inner) => {
        const path = inner.module === null ? undefined : paths.get(inner.module);
        if (path !== undefined) return path;
        throw new ExportError(
          `${inner.name} at ${inner.place}: it is called by ${call.name}, which does not hold it in a field`,
        );
      },
      isOwn: ({ module: inner }) => inner !== null && isOwnClass(inner),
      helper: this.#context.helper,
      ...(flags === undefined ? {} : { flags }),
    });
    const names = parametersOfFunction(module.forward).map(({ name }) => name);
    const fieldOf = (written: Value): Expr | undefined => {
      const value = this.#writes.get(written) ?? written;
      if (value.tensor === null) return undefined;
      const path = paths.get(value.tensor);
      if (path !== undefined || value.origin !== "constant") return path;
      return atom(`self.${this.#context.hold(module, value.tensor, "constant")}`);
    };
    return writeBody({
      parameters: parametersIn({ ...call, args }, names),
      steps,
      output: call.result,
      fieldOf,
      rows: rowsIn(module, paths),
      detached: this.#context.detached,
      detachedOutputs: this.#context.detached.get(call) ?? new Set(),
    });
  }
}

/** The lists of modules that are reached from a module. */
function rowsIn(module: Module, paths: ReadonlyMap<Module | Tensor, Expr>): ModuleRow[] {
  return [...paths].flatMap(([list, expr]): ModuleRow[] => {
    if (list === module || !(list instanceof ModuleList || list instanceof Sequential)) return [];
    const items = [...list].map((item) => paths.get(item as Module) as Expr);
    return [{ list: expr, items, itemName: itemNameOf(expr, [...list][0]) }];
  });
}

/** `block` of `self.blocks`; of `self.h` what its first module is. */
function itemNameOf(expr: Expr, item: unknown): string {
  const name = expr.kind === "attribute" ? expr.name : "";
  if (/[^s]s$/.test(name)) return name.slice(0, -1);
  return item instanceof Module && isOwnClass(item) ? snakeCase(classNameOf(item)) : "layer";
}

function bufferLine(name: string, x: Tensor): Line {
  const expr = callOf(dotted("self.register_buffer"), atom(`"${name}"`), emptyOf(x));
  return { before: "", expr: expr as Done };
}

/** Modules of the user by how many levels of such are below them. */
function heights(module: Module, levels: Map<number, Module[]>, seen = new Map<Module, number>()): number {
  const known = seen.get(module);
  if (known !== undefined) return known;
  seen.set(module, 0);
  const below = fieldsOf(module).flatMap(({ member }) =>
    member instanceof Module ? [heights(member, levels, seen)] : [],
  );
  const isOwn = isOwnClass(module);
  const height = Math.max(0, ...below) + (isOwn ? 1 : 0);
  seen.set(module, height);
  if (isOwn) levels.set(height, [...(levels.get(height) ?? []), module]);
  return height;
}

function classNameOf(module: Module): string {
  const { name } = module.constructor;
  return name === "" ? "Net" : name[0].toUpperCase() + name.slice(1);
}
