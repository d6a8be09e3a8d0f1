/**
 * The operations among Tensor's methods, which a mapped type makes of the functions of the same names, as one table on
 * Tensor's page: each with a link to its function, which tells the rest.
 */
import {
  type Comment,
  type CommentDisplayPart,
  CommentTag,
  type Context,
  type DeclarationReflection,
  type ParameterReflection,
  type ProjectReflection,
  ReflectionKind,
  type SomeType,
} from "typedoc";
import ts from "typescript";
import { FormReader, writtenCall } from "./forms.ts";

interface Operation {
  /** With their arguments: `sum(dim?, keepdim = false, { dtype? })`. */
  readonly calls: readonly string[];
  readonly text: string;
  readonly from?: DeclarationReflection;
}

const HEAD = `Each is a function, too, which takes the tensor first; its page has the details and an example. \`abs_\` and \
its like write the result into the tensor itself and return it.

| Method | What it gives |
| ------ | ------ |
`;

/** To be called while Tensor still has what it inherits, and before what is internal goes. */
export function showOperations(context: Context): void {
  const { project } = context;
  const reader = new FormReader(context.programs[0]);
  const classes = project.getReflectionsByKind(ReflectionKind.Class) as DeclarationReflection[];
  const tensor = classes.find(({ name }) => name === "Tensor") as DeclarationReflection;
  const found = new Map<string, Operation>();
  for (const member of [...(tensor.children ?? [])]) {
    const { name, kind, type } = member;
    if (kind !== ReflectionKind.Property) continue;
    const from = functionOf(project, name);
    const symbol = context.getSymbolFromReflection(member);
    const forms = symbol === undefined ? [] : reader.ofValue(symbol);
    if (forms.length === 0 && type?.type !== "reflection") continue;
    const calls = forms.length > 0 ? forms.map((form) => writtenCall(name, form)) : [plainCall(member, from)];
    found.set(name, { calls, text: summaryOf(from) ?? docstring(context, member), from });
    project.removeReflection(member);
  }
  const names = [...found.keys()].filter((name) => !found.has(name.replace(/_$/, "")) || !name.endsWith("_"));
  const rows = names
    .sort()
    .flatMap((name) => row(found.get(name) as Operation, found.has(`${name}_`) && name));
  (tensor.comment as Comment).blockTags.push(
    new CommentTag("@operations", [{ kind: "text", text: HEAD }, ...rows]),
  );
  tensor.extendedTypes = undefined;
}

function plainCall({ name, type }: DeclarationReflection, from: DeclarationReflection | undefined): string {
  const own = type?.type === "reflection" ? type.declaration.signatures?.[0].parameters : undefined;
  const parameters = from?.signatures?.[0].parameters?.slice(1) ?? own ?? [];
  return `${name}(${parameters.map(argument).filter(Boolean).join(", ")})`;
}

function row({ calls, text, from }: Operation, inPlace: string | false): CommentDisplayPart[] {
  const [call, ...others] = calls;
  if (text === "") throw new Error(`Tensor's ${call} has no docstring`);
  const method: CommentDisplayPart =
    from === undefined
      ? { kind: "code", text: `\`${call}\`` }
      : { kind: "inline-tag", tag: "@linkcode", text: call, target: from };
  const overloads = others.map((other) => `<br>\`${other}\``).join("");
  const twin = inPlace === false ? "" : `<br>\`${inPlace}_\``;
  return [
    { kind: "text", text: "| " },
    method,
    {
      kind: "text",
      text: `${overloads.replaceAll("|", "\\|")}${twin} | ${text.replaceAll("\n", " ").replaceAll("|", "\\|")} |\n`,
    },
  ];
}

function argument({ name, type, flags, defaultValue }: ParameterReflection): string {
  if (type?.type === "tuple") return type.elements.map(elementName).join(", ");
  return flags.isOptional || defaultValue !== undefined ? `${name}?` : name;
}

function elementName(element: SomeType): string {
  return element.type === "namedTupleMember" ? `${element.name}${element.isOptional ? "?" : ""}` : "...";
}

function functionOf(project: ProjectReflection, name: string): DeclarationReflection | undefined {
  return (project.getReflectionsByKind(ReflectionKind.Function) as DeclarationReflection[]).find(
    (reflection) => reflection.name === name && reflection.parent?.name === "@flambeau/tensor",
  );
}

function summaryOf(from: DeclarationReflection | undefined): string | undefined {
  const summary = from?.signatures?.[0].comment?.summary;
  return summary && firstSentence(summary.map(({ text }) => text).join(""));
}

/** Of a method whose function is not exported, or is exported under another name (packages/tensor/src/ops/aliases.ts). */
function docstring(context: Context, member: DeclarationReflection): string {
  const symbol = context.getSymbolFromReflection(member);
  const alias = symbol?.declarations?.find(ts.isExportSpecifier)?.propertyName;
  if (alias !== undefined) return `As \`${alias.text}\`.`;
  const parts = symbol?.getDocumentationComment(context.programs[0].getTypeChecker());
  return firstSentence(ts.displayPartsToString(parts));
}

function firstSentence(text: string): string {
  return /^[\s\S]*?\.(?=\s[A-Z`]|$)/.exec(text)?.[0] ?? text;
}
