/**
 * What is called by a signature, be it a constant as `sum: Callable<typeof SUM, Tensor>` or a constructor of `...args: Args<...>`,
 * is documented as the function that it is for a reader: with PyTorch's form of its calls, and its parameters in one table.
 */
import {
  Comment,
  type Context,
  type DeclarationReflection,
  ParameterReflection,
  ReflectionFlag,
  ReflectionKind,
  SignatureReflection,
  type SomeType,
  UnionType,
} from "typedoc";
import ts from "typescript";
import { brokenCall, type CallForm, type FormParameter, FormReader } from "./forms.ts";

/** The calls of a signature, a line each, where TypeScript's own words are not what a reader looks for. */
export type Calls = Map<SignatureReflection, string>;

/** To be called while the interfaces that tell the signatures are still there: many are internal. */
export function showAsFunctions(context: Context): Calls {
  const { project } = context;
  context.setActiveProgram(context.programs[0]);
  const reader = new FormReader(context.programs[0]);
  const calls: Calls = new Map();
  for (const variable of project.getReflectionsByKind(ReflectionKind.Variable) as DeclarationReflection[]) {
    const symbol = context.getSymbolFromReflection(variable);
    const forms = symbol === undefined ? [] : reader.ofValue(symbol);
    if (forms.length === 0) continue;
    const signature = asFunction(project, variable);
    calls.set(signature, describe(context, signature, forms));
  }
  const signatures = project.getReflectionsByKind(
    ReflectionKind.CallSignature | ReflectionKind.ConstructorSignature,
  ) as SignatureReflection[];
  for (const signature of signatures) {
    if (signature.parameters?.at(-1)?.flags.isRest !== true) continue;
    const { declarations = [] } = context.getSymbolFromReflection(signature.parent) ?? {};
    const forms = declarations.filter(ts.isFunctionLike).flatMap((each) => reader.ofDeclaration(each));
    if (forms.length > 0) calls.set(signature, describe(context, signature, forms));
  }
  return calls;
}

/** Parameters that nothing is said about. */
export function withoutDescription(calls: Calls): string[] {
  return [...calls.keys()].flatMap(({ name, parameters = [] }) =>
    parameters
      .filter(({ comment }) => comment === undefined)
      .map(
        (parameter) =>
          `${name}: ${parameter.name} has no description: give it an @param, or one to the name in packages/tensor/src/call/labels.ts`,
      ),
  );
}

function asFunction(project: Context["project"], variable: DeclarationReflection): SignatureReflection {
  const signature = new SignatureReflection(variable.name, ReflectionKind.CallSignature, variable);
  signature.sources = variable.sources;
  signature.comment = variable.comment;
  project.registerReflection(signature, undefined, undefined);
  if (variable.type !== undefined) project.removeTypeReflections(variable.type);
  variable.kind = ReflectionKind.Function;
  variable.signatures = [signature];
  variable.type = undefined;
  variable.comment = undefined;
  variable.setFlag(ReflectionFlag.Const, false);
  return signature;
}

/** Gives a signature the parameters and results of all forms, and writes their calls. */
function describe(context: Context, signature: SignatureReflection, forms: readonly CallForm[]): string {
  const { project } = context;
  for (const given of signature.parameters ?? []) project.removeReflection(given);
  signature.parameters = parametersOf(forms).map((given) => {
    const parameter = new ParameterReflection(given.name, ReflectionKind.Parameter, signature);
    parameter.type = given.type && withoutUndefined(convert(context, given.type));
    parameter.defaultValue = given.initial;
    parameter.setFlag(ReflectionFlag.Optional, given.optional);
    // A docstring's own `@param` takes its place.
    if (given.text !== "") parameter.comment = new Comment([{ kind: "text", text: given.text }]);
    project.registerReflection(parameter, undefined, undefined);
    return parameter;
  });
  if (signature.kind === ReflectionKind.ConstructorSignature) {
    const owner = signature.parent.parent as DeclarationReflection;
    for (const parameter of signature.parameters) parameter.comment ??= commentOf(owner, parameter.name);
    return forms.map((form) => `new ${brokenCall(owner.name, form)};`).join("\n");
  }
  const results = forms.flatMap(({ result }) => (result === undefined ? [] : [convert(context, result)]));
  signature.type = unionOf(results);
  return forms.map((form, i) => `${brokenCall(signature.name, form)}: ${results[i]};`).join("\n");
}

/** What a class says of its property that has the name of a parameter. */
function commentOf({ children = [] }: DeclarationReflection, name: string): Comment | undefined {
  return children.find((child) => child.name === name)?.comment?.clone();
}

function convert(context: Context, type: ts.Type): SomeType {
  return context.converter.convertType(context, type);
}

/** Those of all forms, each once: one that any form can do without is optional. */
function parametersOf(forms: readonly CallForm[]): FormParameter[] {
  const found = new Map<string, FormParameter>();
  for (const parameter of forms.flatMap(({ parameters }) => parameters)) {
    const known = found.get(parameter.name);
    const optional = parameter.optional || known?.optional === true;
    const initial = known?.initial ?? parameter.initial;
    found.set(parameter.name, { ...parameter, ...known, optional, initial });
  }
  return [...found.values()];
}

/** That an argument can be left out, the mark beside its name says. */
function withoutUndefined(type: SomeType): SomeType {
  if (type.type !== "union") return type;
  return unionOf(type.types.filter((part) => part.type !== "intrinsic" || part.name !== "undefined"));
}

function unionOf(types: readonly SomeType[]): SomeType {
  const distinct = [...new Map(types.map((type) => [String(type), type])).values()];
  return distinct.length === 1 ? distinct[0] : new UnionType(distinct);
}
