/** What the page of a class shows: its own members, and those that it has something of its own to say about. */
import { type Context, type DeclarationReflection, type ProjectReflection, ReflectionKind } from "typedoc";
import ts from "typescript";

/**
 * A member that overrides one of a base class without a word of its own is what the base class's page says; that of an
 * internal one is internal. `forward` stays, for its arguments and its result.
 */
export function leaveOverridesOut(context: Context): void {
  const { project } = context;
  const checker = context.programs[0].getTypeChecker();
  for (const owner of project.getReflectionsByKind(ReflectionKind.Class) as DeclarationReflection[]) {
    for (const member of [...(owner.children ?? [])]) {
      if (member.kind === ReflectionKind.Constructor || member.inheritedFrom !== undefined) continue;
      const symbol = context.getSymbolFromReflection(member);
      const base = symbol && overridden(symbol, context.getSymbolFromReflection(owner), checker);
      if (symbol === undefined || base === undefined || hasDocstring(symbol)) continue;
      const isInternal = base.getJsDocTags(checker).some(({ name }) => name === "internal");
      if (isInternal || member.name !== "forward") project.removeReflection(member);
    }
  }
}

/** A layer's page shows what the layer adds; Module's own page, to which it links, has the rest. */
export function leaveInheritedOut(project: ProjectReflection): void {
  const owners = project.getReflectionsByKind(ReflectionKind.Class | ReflectionKind.Interface);
  for (const owner of owners as DeclarationReflection[]) {
    const inherited = (owner.children ?? []).filter(
      ({ inheritedFrom, kind, flags }) =>
        inheritedFrom !== undefined && (kind !== ReflectionKind.Constructor || flags.isExternal),
    );
    // That a module can be called is Module's to tell.
    const calls = owner.kind === ReflectionKind.Class && owner.name !== "Module" ? owner.signatures : [];
    for (const member of [...inherited, ...(calls ?? [])]) project.removeReflection(member);
  }
}

/** Which member of a base class or an interface each one stands in the place of is not of use to a reader. */
export function forgetOrigins(project: ProjectReflection): void {
  const members = project.getReflectionsByKind(ReflectionKind.ClassMember | ReflectionKind.SomeSignature);
  for (const member of members as DeclarationReflection[]) {
    member.overwrites = undefined;
    member.inheritedFrom = undefined;
    member.implementationOf = undefined;
  }
}

function hasDocstring({ declarations }: ts.Symbol): boolean {
  return (declarations ?? []).some((declaration) => ts.getJSDocCommentsAndTags(declaration).length > 0);
}

/** What a member of a class stands in the place of. */
function overridden(
  member: ts.Symbol,
  owner: ts.Symbol | undefined,
  checker: ts.TypeChecker,
): ts.Symbol | undefined {
  const extended = owner?.declarations
    ?.find(ts.isClassDeclaration)
    ?.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
  const [declaration] = member.declarations ?? [];
  if (extended === undefined || declaration === undefined) return undefined;
  const isStatic = (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Static) !== 0;
  const base = checker.getTypeAtLocation(isStatic ? extended.expression : extended);
  return base.getProperty(member.escapedName as string);
}
