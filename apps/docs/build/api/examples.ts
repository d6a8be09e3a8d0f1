/** Every public function, class and constant has an example, which `npm run test:examples` runs. */
import { type Comment, type DeclarationReflection, type ProjectReflection, ReflectionKind } from "typedoc";

const KINDS = ReflectionKind.Function | ReflectionKind.Class | ReflectionKind.Variable;

/** Those that have none, each with the file that it is in. */
export function withoutExample(project: ProjectReflection): string[] {
  return (project.getReflectionsByKind(KINDS) as DeclarationReflection[])
    .filter(
      ({ comment, signatures = [] }) => ![comment, ...signatures.map((s) => s.comment)].some(hasExample),
    )
    .map(
      ({ name, sources, signatures, parent }) =>
        `${parent?.name}: ${name} has no \`@example\` with a \`\`\`ts block, in ${placeOf(sources ?? signatures?.[0]?.sources)}`,
    );
}

/** What tools/examples/extract.ts takes for an example. */
function hasExample(comment: Comment | undefined): boolean {
  return (comment?.getTags("@example") ?? []).some(({ content }) =>
    content.some(({ kind, text }) => kind === "code" && /^```ts\n/.test(text)),
  );
}

function placeOf(sources: DeclarationReflection["sources"]): string {
  return sources?.map(({ fileName, line }) => `${fileName}:${line}`)[0] ?? "?";
}
