/** The programs of examples/ as pages: what each does, and its source beside that of its twin in PyTorch. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.ts";

const examples = join(root, "examples");

export interface Program {
  readonly name: string;
  readonly title: string;
  /** The first sentences of its README, up to its first blank line. */
  readonly summary: string;
  /** Markdown, made of its README and both sources. */
  readonly content: string;
}

/** In the order of their names. */
export function programs(): Program[] {
  return readdirSync(examples)
    .filter((name) => existsSync(join(examples, name, "main.ts")))
    .sort()
    .map(program);
}

/** @throws Error when a program lacks its README or its twin. */
function program(name: string): Program {
  const read = (file: string): string => {
    const path = join(examples, name, file);
    if (!existsSync(path)) throw new Error(`examples/${name} has no ${file}, which its page shows`);
    return readFileSync(path, "utf8").trim();
  };
  const [heading, summary, ...rest] = read("README.md").split("\n\n");
  const title = heading.replace(/^# /, "");
  const column = (label: string, language: string, file: string): string =>
    `<div>\n\n**${label}**: \`examples/${name}/${file}\`\n\n\`\`\`${language}\n${read(file)}\n\`\`\`\n\n</div>`;
  const content = [
    `# ${title}`,
    summary,
    ...rest,
    "## The two programs",
    `<div class="twins">\n\n${column("Flambeau", "ts", "main.ts")}\n\n${column("PyTorch", "py", "main.py")}\n\n</div>`,
  ].join("\n\n");
  return { name, title, summary, content };
}
