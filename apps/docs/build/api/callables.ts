/** Constants that are called, as `exp: UnaryOp` is, are documented as the functions that they are for a reader. */
import {
  Comment,
  type DeclarationReflection,
  ParameterReflection,
  type ProjectReflection,
  ReflectionFlag,
  ReflectionKind,
  SignatureReflection,
} from "typedoc";

/** To be called while the interfaces that tell the signatures are still there: many are internal. */
export function showAsFunctions(project: ProjectReflection): void {
  for (const variable of project.getReflectionsByKind(ReflectionKind.Variable) as DeclarationReflection[]) {
    const signatures = signaturesOf(variable);
    if (signatures.length === 0) continue;
    const { comment } = variable;
    variable.kind = ReflectionKind.Function;
    variable.signatures = signatures.map((signature, i) =>
      copy(signature, variable, i === 0 ? comment : shortened(comment)),
    );
    if (variable.type !== undefined) project.removeTypeReflections(variable.type);
    variable.type = undefined;
    variable.comment = undefined;
    variable.setFlag(ReflectionFlag.Const, false);
  }
}

function signaturesOf({ type }: DeclarationReflection): readonly SignatureReflection[] {
  const declaration =
    type?.type === "reference" ? type.reflection : type?.type === "reflection" ? type.declaration : undefined;
  return (declaration as DeclarationReflection | undefined)?.signatures ?? [];
}

function copy(
  { parameters, type }: SignatureReflection,
  owner: DeclarationReflection,
  comment: Comment | undefined,
): SignatureReflection {
  const { project } = owner;
  const signature = new SignatureReflection(owner.name, ReflectionKind.CallSignature, owner);
  signature.type = type;
  signature.sources = owner.sources;
  signature.comment = comment;
  signature.parameters = parameters?.map((given) => {
    const parameter = new ParameterReflection(given.name, ReflectionKind.Parameter, signature);
    parameter.type = given.type;
    parameter.setFlag(ReflectionFlag.Optional, given.flags.isOptional);
    project.registerReflection(parameter, undefined, undefined);
    return parameter;
  });
  project.registerReflection(signature, undefined, undefined);
  return signature;
}

/** What an overload after the first one says: the example stands with the first. */
function shortened(comment: Comment | undefined): Comment | undefined {
  return comment && new Comment(Comment.cloneDisplayParts(comment.summary));
}
