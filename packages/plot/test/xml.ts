import assert from "node:assert/strict";

/** What a walk over a figure's text finds. */
export interface Walk {
  /** How often each element occurs. */
  readonly count: Map<string, number>;
  /** The text between tags, unescaped. */
  readonly texts: string[];
}

const TAG = /<(\/?)([a-z]+)((?: [a-zA-Z][a-zA-Z0-9:-]*="[^"<]*")*)(\/?)>/y;

/**
 * Reads SVG text as strictly as XML asks: every tag closed in order, quoted attributes given once, no bare &
 * or <.
 */
export function walk(svg: string): Walk {
  const count = new Map<string, number>();
  const texts: string[] = [];
  const open: string[] = [];
  let at = 0;
  while (at < svg.length) {
    if (svg[at] !== "<") {
      const next = svg.indexOf("<", at);
      assert.notEqual(next, -1, "text after the last tag");
      const text = svg.slice(at, next);
      checkEntities(text);
      texts.push(decode(text));
      at = next;
      continue;
    }
    TAG.lastIndex = at;
    const match = TAG.exec(svg);
    assert.ok(match, `no tag at ${at}: ${svg.slice(at, at + 60)}`);
    const [whole, closing, name, attributes, empty] = match;
    const keys = [...attributes.matchAll(/ ([^=]+)="([^"]*)"/g)].map(([, key, value]) => {
      checkEntities(value);
      return key;
    });
    assert.equal(new Set(keys).size, keys.length, `an attribute given twice in ${whole}`);
    if (closing) assert.equal(open.pop(), name);
    else {
      assert.ok(at === 0 || open.length > 0, "one root element");
      count.set(name, (count.get(name) ?? 0) + 1);
      if (!empty) open.push(name);
    }
    at += whole.length;
  }
  assert.deepEqual(open, []);
  return { count, texts };
}

function checkEntities(text: string): void {
  assert.doesNotMatch(text, /&(?!(?:amp|lt|gt|quot);)/);
}

function decode(text: string): string {
  return text
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, "&");
}
