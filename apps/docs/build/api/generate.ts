/** Generates the API pages of every package from its docstrings. A page with a gap in it is an error. */
import { globSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import {
  Application,
  Converter,
  type DeclarationReflection,
  LogLevel,
  type ProjectReflection,
  ReflectionKind,
  type TranslatedString,
  type TypeDocOptions,
} from "typedoc";
import { load as loadMarkdown } from "typedoc-plugin-markdown";
import { load as loadTheme } from "typedoc-vitepress-theme";
import { api, docs, root } from "../paths.ts";
import { type Calls, showAsFunctions, withoutDescription } from "./callables.ts";
import { withoutExample } from "./examples.ts";
import { groupOrder, listSymbolsLast, nameGroups } from "./groups.ts";
import { forgetOrigins, leaveInheritedOut, leaveOverridesOut } from "./members.ts";
import { showOperations } from "./operations.ts";
import { tabulateReferences } from "./references.ts";
import { themeOf } from "./theme.ts";

/** Where the site shows the sources, as build/sources.ts makes them. */
const SOURCES = "/source/";

/** @throws Error when a docstring is missing or wrong. */
export async function generateApi(): Promise<void> {
  rmSync(api, { recursive: true, force: true });
  // A name is documented where the first package exports it: in its own, before the one that has them all.
  const packages = globSync(join(root, "packages", "*", "src", "index.ts"))
    .map((path) => dirname(dirname(path)))
    .sort((a, b) => Number(nameOf(a) === "flambeau") - Number(nameOf(b) === "flambeau") || (a < b ? -1 : 1));
  const options: Partial<TypeDocOptions> & Record<string, unknown> = {
    plugin: [loadMarkdown, loadTheme as (app: Application) => void],
    entryPoints: packages.map((folder) => join(folder, "src", "index.ts")),
    tsconfig: join(root, "packages", "tsconfig.json"),
    basePath: root,
    out: api,
    docsRoot: docs,
    theme: "calls",
    name: "API",
    readme: "none",
    excludeInternal: true,
    excludePrivate: true,
    // What Error's own declaration says is not ours to document.
    excludeExternals: true,
    disableGit: true,
    sourceLinkTemplate: `${SOURCES}{path}.html#L{line}`,
    logLevel: LogLevel.Warn,
    packagesRequiringDocumentation: packages.map(nameOf),
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
    tableColumnSettings: { hideSources: true, hideInherited: true, hideModifiers: true },
    groupOrder: [...groupOrder],
    sidebar: { autoConfiguration: true, pretty: true },
  };
  const app = await Application.bootstrapWithPlugins(options);
  let calls: Calls = new Map();
  app.renderer.defineTheme(
    "calls",
    themeOf(() => calls),
  );
  // Before what is internal goes.
  app.converter.on(
    Converter.EVENT_RESOLVE_BEGIN,
    (context) => {
      namePackages(context.project);
      calls = showAsFunctions(context);
      leaveOverridesOut(context);
      showOperations(context);
      nameGroups(context.project);
    },
    1000,
  );
  // Before the members are sorted into groups, of which the pages are made.
  app.converter.on(Converter.EVENT_RESOLVE_END, (context) => leaveInheritedOut(context.project), 1000);
  const project = await app.convert();
  if (project === undefined) throw new Error("the sources do not compile");
  app.validate(project);
  for (const gap of [...withoutExample(project), ...withoutDescription(calls)])
    app.logger.warn(gap as TranslatedString);
  if (app.logger.hasWarnings() || app.logger.hasErrors()) throw new Error("the docstrings have gaps");
  listSymbolsLast(project);
  forgetOrigins(project);
  await app.generateOutputs(project);
  if (app.logger.hasErrors()) throw new Error("the API pages could not be written");
  tabulateReferences(api);
  tidy();
}

/** Modules are called what they are imported as. */
function namePackages(project: ProjectReflection): void {
  for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
    const file = (module as DeclarationReflection).sources?.[0]?.fullFileName;
    if (file === undefined) continue;
    module.name = nameOf(dirname(dirname(file)));
  }
}

/** What the package in a folder is called. */
function nameOf(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name: string }).name;
}

/**
 * Links to sources become relative, so that they hold under a sub-path, and leave the site's own router out of it. The
 * page of the type `Index` gets a name that is not a folder's first page. `exp_` has an anchor of its own beside `exp`.
 */
function tidy(): void {
  introduce();
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

/** The first page says where to begin. */
function introduce(): void {
  const file = join(api, "index.md");
  const text = readFileSync(file, "utf8");
  const whole = /^\| \[flambeau\].*\n?/m;
  const first = whole.exec(text)?.[0].trimEnd();
  if (first === undefined) throw new Error("the list of packages lacks flambeau");
  const row = "| ------ | ------ |\n";
  writeFileSync(
    file,
    text
      .replace(whole, "")
      .replace(row, `${row}${first}\n`)
      .replace("## Modules\n\n| Module |", `${INTRODUCTION}\n\n## Packages\n\n| Package |`),
  );
}

const INTRODUCTION = `Most programs need \`flambeau\` alone, which has everything: \`import { nn, optim, tensor } from "flambeau"\`. \
The other packages are what it is made of, to be taken singly. Begin with \
[Tensor](@flambeau/tensor/classes/Tensor.md), [Module](@flambeau/nn/classes/Module.md), \
[Optimizer](@flambeau/optim/classes/Optimizer.md) and [DataLoader](@flambeau/data/classes/DataLoader.md), or with \
[the guides](../guides/from-pytorch.md). Every example here runs in our tests and prints what it says.`;
