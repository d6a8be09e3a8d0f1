/**
 * What the lists of a package are called: by what a reader looks for, not by TypeScript's kinds. A name's group follows
 * from the file it is in.
 */
import { relative } from "node:path";
import {
  Comment,
  type CommentDisplayPart,
  CommentTag,
  type DeclarationReflection,
  type ProjectReflection,
  ReflectionKind,
} from "typedoc";
import { root } from "../paths.ts";

/** In the order of the lists. The first that fits a path holds. */
const GROUPS: readonly (readonly [name: string, path: RegExp])[] = [
  ["Devices", /^packages\/backend\/src\/(backend|fused|registry)\.ts/],
  ["Kernels and expressions", /^packages\/backend\/src\/(kernel|expr)\.ts/],
  ["Shapes and strides", /^packages\/backend\/src\/shape\.ts/],
  ["Dtypes", /^packages\/backend\/src\/dtype\.ts/],
  ["Errors and warnings", /^packages\/backend\/src\/(errors|warnings)\.ts/],
  ["Tensor", /^packages\/tensor\/src\/(tensor|inspect|ops\/about)\.ts/],
  ["Making tensors", /^packages\/tensor\/src\/(creation|making|npy|values|typed|ops\/triangle)\.ts/],
  ["Random numbers", /^packages\/tensor\/src\/(ops\/(draws|random|counts-drawn)|random\/.*)\.ts/],
  ["Elementwise", /^packages\/tensor\/src\/ops\/(math|trunc|arithmetic|clamp|combine|rounding)\.ts/],
  ["Comparison and logic", /^packages\/tensor\/src\/ops\/(compare|close)\.ts/],
  [
    "Reductions",
    /^packages\/tensor\/src\/ops\/(reduce|reduction|extremes|statistics|quantiles|scan|softmax|count)\.ts/,
  ],
  [
    "Matrix products",
    /^packages\/tensor\/src\/ops\/(matmul|linear|linalg|lstsq|matrix-norm|svd|products|einsum)\.ts/,
  ],
  ["Shapes and views", /^packages\/tensor\/src\/ops\/(views|parts|repeat|rearrange|join|copy|convert)\.ts/],
  ["Indexing", /^packages\/tensor\/src\/ops\/(indexing|index-.*|gather|where|nonzero)\.ts/],
  ["Sorting and searching", /^packages\/tensor\/src\/ops\/(sort|search)\.ts/],
  [
    "Devices and settings",
    /^packages\/(tensor\/src\/(device|defaults|promotion|printing\/.*)|cpu-backend\/src\/threads\/.*)\.ts/,
  ],
  ["Modules", /^packages\/nn\/src\/(module|containers)\/|^packages\/nn\/src\/parameter\.ts/],
  ["Activations", /^packages\/nn\/src\/(layers|functional)\/(activations?|hard|soft|softmax)\.ts/],
  [
    "Losses",
    /^packages\/nn\/src\/(losses\/|functional\/(binary|classification|regression|similarity|reduction|margins|likelihood))/,
  ],
  ["Layers", /^packages\/nn\/src\/(layers|functional)\//],
  ["Data sets", /^packages\/data\/src\/.*(dataset|subset|random-split)\.ts/],
  ["Samplers", /^packages\/data\/src\/.*sampler\.ts/],
  ["Loading", /^packages\/data\/src\//],
  [
    "Optimizers",
    /^packages\/optim\/src\/(optimizer|sgd|adam|adamax|nadam|radam|adadelta|adagrad|rmsprop)\.ts/,
  ],
  ["Files", /^packages\/(files|serialization)\/src\//],
  ["Special functions", /^packages\/special\/src\//],
  ["Masked", /^packages\/masked\/src\//],
  ["Transforms", /^packages\/distributions\/src\/transforms\//],
  ["Divergences", /^packages\/distributions\/src\/kl\//],
  ["Distributions", /^packages\/distributions\/src\//],
  ["Scores of classes", /^packages\/metrics\/src\/classification\//],
  ["Scores of rankings and probabilities", /^packages\/metrics\/src\/ranking\//],
  ["Errors of numbers", /^packages\/metrics\/src\/regression\//],
  ["Progress", /^packages\/progress\/src\//],
  ["Graphs of models", /^packages\/graph\/src\//],
  ["Projects of PyTorch", /^packages\/export-pytorch\/src\//],
  ["TensorBoard", /^packages\/tensorboard\/src\//],
  ["ONNX", /^packages\/onnx\/src\//],
  ["Linear algebra", /^packages\/(linalg\/src|flambeau\/src\/decompositions)/],
  ["Gradients", /^packages\/optim\/src\/clip\.ts/],
];

const TYPES = "Options and other types";

export const groupOrder: readonly string[] = [
  "Namespaces",
  ...GROUPS.map(([name]) => name),
  "Classes",
  "Functions",
  "Variables",
  "Constructors",
  "Properties",
  "Accessors",
  "Methods",
  "*",
  TYPES,
  "References",
];

const KINDS =
  ReflectionKind.Class |
  ReflectionKind.Function |
  ReflectionKind.Variable |
  ReflectionKind.Interface |
  ReflectionKind.TypeAlias;

/** Says in each docstring's `@group` where its name is listed. */
export function nameGroups(project: ProjectReflection): void {
  for (const reflection of project.getReflectionsByKind(KINDS) as DeclarationReflection[]) {
    const source = (reflection.sources ?? reflection.signatures?.[0].sources)?.[0];
    const group = groupOf(relative(root, source?.fullFileName ?? root), reflection.kind);
    if (group === undefined) continue;
    const isFunction = reflection.kind === ReflectionKind.Function;
    const owner = (isFunction ? reflection.signatures?.[0] : undefined) ?? reflection;
    owner.comment ??= new Comment();
    const content: CommentDisplayPart[] = [{ kind: "text", text: group }];
    owner.comment.blockTags.push(new CommentTag("@group", content));
  }
}

/** What is named by a symbol, `[Symbol.iterator]`, comes after what is called by its name. */
export function listSymbolsLast(project: ProjectReflection): void {
  for (const { groups } of project.getReflectionsByKind(
    ReflectionKind.ClassOrInterface,
  ) as DeclarationReflection[]) {
    for (const group of groups ?? [])
      group.children.sort((a, b) => Number(a.name.startsWith("[")) - Number(b.name.startsWith("[")));
  }
}

function groupOf(path: string, kind: ReflectionKind): string | undefined {
  const isType = kind === ReflectionKind.Interface || kind === ReflectionKind.TypeAlias;
  // What a device's author writes with are types, too.
  if (isType && !path.startsWith("packages/backend/")) return TYPES;
  return GROUPS.find(([, pattern]) => pattern.test(path))?.[0];
}
