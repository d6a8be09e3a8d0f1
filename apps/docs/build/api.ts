/** Generates the API pages of every package from its docstrings. A page with a gap in it is an error. */
import { globSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import {
  Application,
  Comment,
  Converter,
  type DeclarationReflection,
  LogLevel,
  type ProjectReflection,
  ReflectionKind,
  type TypeDocOptions,
} from "typedoc";
import { load as loadMarkdown } from "typedoc-plugin-markdown";
import { load as loadTheme } from "typedoc-vitepress-theme";
import { api, docs, root } from "./paths.ts";

/** Where the site shows the sources, as build/sources.ts makes them. */
const SOURCES = "/source/";

/** @throws Error when a docstring is missing or wrong. */
export async function generateApi(): Promise<void> {
  rmSync(api, { recursive: true, force: true });
  const options: Partial<TypeDocOptions> & Record<string, unknown> = {
    plugin: [loadMarkdown, loadTheme as (app: Application) => void],
    entryPoints: [join(root, "packages", "*", "src", "index.ts")],
    tsconfig: join(root, "packages", "tsconfig.json"),
    basePath: root,
    out: api,
    docsRoot: docs,
    name: "API",
    readme: "none",
    excludeInternal: true,
    excludePrivate: true,
    // What Error's own declaration says is not ours to document.
    excludeExternals: true,
    disableGit: true,
    sourceLinkTemplate: `${SOURCES}{path}.html#L{line}`,
    logLevel: LogLevel.Warn,
    validation: { notExported: true, invalidLink: true, notDocumented: true, invalidPath: true },
    requiredToBeDocumented: [
      "Class",
      "Function",
      "Interface",
      "TypeAlias",
      "Variable",
      "Method",
      "Property",
      "Accessor",
    ],
    hideBreadcrumbs: false,
    hidePageHeader: true,
    useCodeBlocks: true,
    expandObjects: true,
    parametersFormat: "table",
    propertiesFormat: "table",
    typeDeclarationFormat: "table",
    indexFormat: "table",
    classPropertiesFormat: "table",
    interfacePropertiesFormat: "table",
    typeAliasPropertiesFormat: "table",
    tableColumnSettings: { hideSources: true, hideInherited: true },
    sidebar: { autoConfiguration: true, pretty: true },
  };
  const app = await Application.bootstrapWithPlugins(options);
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (_, reflection) => describeInPlace(reflection));
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => namePackages(context.project));
  // Before the members are sorted into groups, of which the pages are made.
  app.converter.on(Converter.EVENT_RESOLVE_END, (context) => leaveInheritedOut(context.project), 1000);
  const project = await app.convert();
  if (project === undefined) throw new Error("the sources do not compile");
  app.validate(project);
  if (app.logger.hasWarnings() || app.logger.hasErrors()) throw new Error("the docstrings have gaps");
  await app.generateOutputs(project);
  if (app.logger.hasErrors()) throw new Error("the API pages could not be written");
  tidy();
}

/** Modules are called what they are imported as. */
function namePackages(project: ProjectReflection): void {
  for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
    const file = (module as DeclarationReflection).sources?.[0]?.fullFileName;
    if (file === undefined) continue;
    const manifest = join(dirname(dirname(file)), "package.json");
    module.name = (JSON.parse(readFileSync(manifest, "utf8")) as { name: string }).name;
  }
}

/** `exp_` and its like are made of `exp` by a mapped type, which cannot carry docstrings. */
function describeInPlace(reflection: DeclarationReflection): void {
  const { name, comment } = reflection;
  if (comment !== undefined || !name.endsWith("_") || reflection.parent?.name === undefined) return;
  const text = `Does what \`${name.slice(0, -1)}\` does, in place: writes the result into this tensor and returns it.`;
  reflection.comment = new Comment([{ kind: "text", text }]);
}

/** A layer's page shows what the layer adds; Module's own page, to which it links, has the rest. */
function leaveInheritedOut(project: ProjectReflection): void {
  for (const owner of project.getReflectionsByKind(ReflectionKind.Class | ReflectionKind.Interface)) {
    if (owner.name === "Tensor") continue;
    for (const member of [...((owner as DeclarationReflection).children ?? [])]) {
      if (member.inheritedFrom !== undefined) project.removeReflection(member);
    }
  }
}

/**
 * Links to sources become relative, so that they hold under a sub-path, and leave the site's own router out of it. The
 * page of the type `Index` gets a name that is not a folder's first page. `exp_` has an anchor of its own beside `exp`.
 */
function tidy(): void {
  for (const path of globSync("**/*.{md,json}", { cwd: api })) {
    const file = join(api, path);
    const toSources = relative(dirname(file), docs);
    const text = readFileSync(file, "utf8")
      .replaceAll(/\]\((\/source\/[^)]*)\)/g, `](${toSources}$1){target="_self"}`)
      .replaceAll(/(\/|\()Index\.md/g, "$1Index-type.md")
      .replaceAll(/^#+ (\w+)\\_\(\)$/gm, (heading, name: string) => `${heading} {#${name.toLowerCase()}_}`);
    writeFileSync(file, text);
    if (path.endsWith("/Index.md")) renameSync(file, file.replace(/Index\.md$/, "Index-type.md"));
  }
}
