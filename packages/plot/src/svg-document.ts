import { FlambeauError } from "@flambeau/backend";

/**
 * A document that can do one thing: hold an SVG tree and write it as text.
 *
 * Observable Plot builds its figures through the DOM. It and d3-selection call only the few methods below, so
 * this takes the place of a whole headless DOM (linkedom is larger than Plot itself) and is the same code
 * everywhere, the browser included. Why: docs/decisions/plotting-library.md.
 */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Numbers keep 2 decimals: a hundredth of a pixel is invisible, and last-bit differences between engines
 * vanish.
 */
function round(value: number): string {
  return String(Math.round(value * 100) / 100 + 0);
}

/**
 * The attributes whose text is made of coordinates; in others a number may be a colour or part of a label.
 */
const GEOMETRY = new Set(["d", "points", "transform"]);

/** As in the DOM, whatever is given becomes text: d3 hands over its path builders as they are. */
function write(name: string, value: unknown): string {
  if (typeof value === "number") return round(value);
  const text = String(value);
  if (!GEOMETRY.has(name)) return text;
  return text.replace(/-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/g, (digits) => round(Number(digits)));
}

function escapeText(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

/** A piece of text in the tree. */
export class SvgText {
  parentNode: SvgElement | null = null;
  readonly data: string;

  constructor(data: string) {
    this.data = data;
  }

  toString(): string {
    return escapeText(this.data);
  }
}

type SvgNode = SvgElement | SvgText;

/** An element of the tree. */
export class SvgElement {
  parentNode: SvgElement | null = null;
  readonly namespaceURI: string = SVG;
  readonly ownerDocument: SvgDocument;
  readonly tagName: string;
  childNodes: SvgNode[] = [];
  readonly #attributes: Map<string, string> = new Map();

  constructor(ownerDocument: SvgDocument, tagName: string) {
    this.ownerDocument = ownerDocument;
    this.tagName = tagName;
  }

  setAttribute(name: string, value: unknown): void {
    this.#attributes.set(name, write(name, value));
  }

  getAttribute(name: string): string | null {
    return this.#attributes.get(name) ?? null;
  }

  hasAttribute(name: string): boolean {
    return this.#attributes.has(name);
  }

  removeAttribute(name: string): void {
    this.#attributes.delete(name);
  }

  appendChild<T extends SvgNode>(child: T): T {
    return this.insertBefore(child, null);
  }

  insertBefore<T extends SvgNode>(child: T, next: SvgNode | null): T {
    child.parentNode?.removeChild(child);
    const index = next === null ? -1 : this.childNodes.indexOf(next);
    if (index < 0) this.childNodes.push(child);
    else this.childNodes.splice(index, 0, child);
    child.parentNode = this;
    return child;
  }

  removeChild<T extends SvgNode>(child: T): T {
    this.childNodes = this.childNodes.filter((node) => node !== child);
    child.parentNode = null;
    return child;
  }

  set textContent(text: string) {
    this.childNodes = [];
    this.appendChild(new SvgText(String(text)));
  }

  get textContent(): string {
    return this.childNodes.map((node) => (node instanceof SvgText ? node.data : node.textContent)).join("");
  }

  toString(): string {
    const attributes = [...this.#attributes]
      .map(([name, value]) => ` ${name}="${escapeText(value)}"`)
      .join("");
    const content = this.childNodes.join("");
    return content === ""
      ? `<${this.tagName}${attributes}/>`
      : `<${this.tagName}${attributes}>${content}</${this.tagName}>`;
  }
}

/** The document that Plot is given; it makes nodes and owns nothing. */
export class SvgDocument {
  readonly documentElement: SvgElement = new SvgElement(this, "svg");

  createElementNS(namespace: string, name: string): SvgElement {
    if (namespace !== SVG)
      throw new FlambeauError(`a figure holds SVG elements only, not <${name}> of ${namespace}`);
    return new SvgElement(this, name);
  }

  createTextNode(data: string): SvgText {
    return new SvgText(data);
  }

  /** An element with attributes and children, for the parts of a figure that Plot does not draw. */
  element(
    name: string,
    attributes: Record<string, string | number> = {},
    children: (SvgNode | string)[] = [],
  ): SvgElement {
    const element = new SvgElement(this, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    for (const child of children) element.appendChild(typeof child === "string" ? new SvgText(child) : child);
    return element;
  }
}
