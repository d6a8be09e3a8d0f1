/** Names of Python. */

/** What Python reserves, and what a model should not hide. */
const reserved: ReadonlySet<string> = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from global if import in " +
    "is lambda nonlocal not or pass raise return try while with yield self super torch nn math F print float int bool len range zip " +
    "enumerate list tuple dict id min max sum abs type next"
  ).split(" "),
);

/** What a module of PyTorch has itself. */
const ofModules: ReadonlySet<string> = new Set(
  (
    "training forward train eval parameters buffers children modules apply to cpu cuda float double half type state_dict " +
    "load_state_dict zero_grad register_buffer register_parameter register_module add_module named_parameters named_buffers " +
    "named_children named_modules requires_grad_ share_memory extra_repr bfloat16 xpu ipu dump_patches T_destination"
  ).split(" "),
);

/** A name of JavaScript as Python writes it: `lnF` as `ln_f`, `inputLayer2` as `input_layer2`, `Q` as `q`. */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .replaceAll("$", "_")
    .replace(/[^\w]/g, "_")
    .toLowerCase();
}

/** Names that are given once each. */
export class Names {
  readonly #taken = new Set<string>();
  readonly #refused: ReadonlySet<string>;

  /** Names of fields of a module, or of variables. */
  constructor(of: "fields" | "variables" | "classes") {
    this.#refused = of === "fields" ? new Set([...ofModules, ...keywords]) : reserved;
  }

  /** The name, or one with a number behind it where that is taken. */
  give(wanted: string): string {
    const name = this.#refused.has(wanted) ? `${wanted}_` : /^\d|^$/.test(wanted) ? `_${wanted}` : wanted;
    if (!this.#taken.has(name)) return this.#add(name);
    const start = name.replace(/\d+$/, "");
    const from = /\d+$/.exec(name)?.[0];
    for (let i = from === undefined ? 2 : Number(from) + 1; ; i++)
      if (!this.#taken.has(`${start}${i}`)) return this.#add(`${start}${i}`);
  }

  /** Takes names away. */
  take(names: Iterable<string>): this {
    for (const name of names) this.#taken.add(name);
    return this;
  }

  has(name: string): boolean {
    return this.#taken.has(name);
  }

  #add(name: string): string {
    this.#taken.add(name);
    return name;
  }
}

const keywords: readonly string[] = [...reserved].slice(0, 35);
