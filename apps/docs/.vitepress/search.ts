/**
 * What the search finds: PyTorch's names lead to ours. Each heading of the API has its snake_case form beside it in the index,
 * and what the guide's tables give for a name of PyTorch's; a word is found by its parts, `batch_size` as `batchSize`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DefaultTheme } from "vitepress";
import { docs } from "../build/paths.ts";

type Render = NonNullable<DefaultTheme.LocalSearchOptions["_render"]>;

/** Words that readers come with and the sections do not have. */
const WORDS: Readonly<Record<string, string>> = {
  "guides/training#keeping-a-model": "checkpoint state_dict",
  "guides/saving": "torch.save torch.load map_location hf_hub_download from_pretrained safetensors GGUF",
  "guides/beyond-one-machine": "distributed torchrun DistributedDataParallel DDP FSDP multi-GPU export",
  "guides/training#validation": "accuracy evaluation metrics model.eval early stopping",
  "guides/training#data-of-your-own": "CSV images read files Dataset",
  "guides/training#gradients-of-several-batches": "gradient accumulation",
  "guides/devices#the-gpu": "cuda mps",
};

/** Headings that are parts of what is documented above them: alone they would be found by hundreds. */
const PARTS =
  /<h([2-6])[^>]*>((?:Parameters|Returns|Throws|Examples?|Overrides|Inherited from|Implements|Type Parameters|Call Signature|Type Declaration|Constructor)\b.*?)<\/h\1>/g;
const HEADING = /<h([1-6]) id="([^"]*)"([^>]*)>(.*?)(\s*<a class="header-anchor")/g;

export function searchOptions(): DefaultTheme.LocalSearchOptions {
  const torch = pytorchNames();
  const render: Render = (text, env, md) => {
    const html = md.render(text, env);
    const page = env.relativePath.replace(/\.md$/, "");
    const isApi = page.startsWith("api/");
    return (isApi ? html.replaceAll(PARTS, "<p>$2</p>") : html).replaceAll(
      HEADING,
      (_, level: string, id: string, attributes: string, title: string, rest: string) => {
        const place = level === "1" ? page : `${page}#${id}`;
        const names = isApi ? [...apiNames(page, title), ...(torch.get(nameIn(title)) ?? [])] : [];
        const words = [...new Set([...names, WORDS[place] ?? ""])].join(" ").trim();
        return `<h${level} id="${id}"${attributes}>${title}${words === "" ? "" : ` (${words})`}${rest}`;
      },
    );
  };
  return {
    detailedView: true,
    _render: render,
    // Both run in the page, from their text: they use nothing of this file.
    miniSearch: {
      options: {
        tokenize: (text) =>
          text.split(/[\s\p{Z}\p{P}\p{S}]+/u).flatMap((word) => {
            const parts = word.split(/(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/);
            return parts.length > 1 ? [word, ...parts] : parts;
          }),
      },
      searchOptions: { fuzzy: 0.2, prefix: true, boost: { title: 8, titles: 2, text: 1 } },
    },
  };
}

/** `zeroGrad()` as `zeroGrad`. */
function nameIn(title: string): string {
  return (
    /^(?:Function: |Class: |Abstract Class: |Variable: )?([\w$]+)/.exec(
      title.replaceAll(/<[^>]*>/g, ""),
    )?.[1] ?? ""
  );
}

function snakeCase(name: string): string {
  return name.replaceAll(/(?<=[a-z\d])([A-Z])/g, (_, letter: string) => `_${letter.toLowerCase()}`);
}

/** What PyTorch calls a function, method or option. */
function apiNames(page: string, title: string): string[] {
  const name = nameIn(title);
  if (!/^[a-z]/.test(name)) return [];
  const snake = snakeCase(name);
  if (/^api\/@flambeau\/(tensor|autograd)\/functions\//.test(page)) return [`torch.${snake}`];
  return snake === name ? [] : [snake];
}

/** From the tables of "Coming from PyTorch": PyTorch's dotted names by ours. */
function pytorchNames(): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const line of readFileSync(join(docs, "guides", "from-pytorch.md"), "utf8").split("\n")) {
    const [, theirs, ours] = line.split(/(?<!\\)\|/);
    if (ours === undefined) continue;
    const dotted = codes(theirs).flatMap((code) => code.match(/\b(?:torch|nn|optim)\.[\w.]+\w/g) ?? []);
    for (const code of codes(ours)) {
      const name = /^(?:new )?(?:\w+\.)*([A-Za-z]\w*)/.exec(code)?.[1];
      if (name !== undefined && dotted.length > 0) names.set(name, [...(names.get(name) ?? []), ...dotted]);
    }
  }
  return names;
}

function codes(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code);
}
