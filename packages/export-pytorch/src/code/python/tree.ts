/** Expressions of Python. */

/** An expression. `P` is what stands in places that are not filled in yet. */
export type Expr<P = never> =
  | { readonly kind: "atom"; readonly text: string }
  | { readonly kind: "hole"; readonly hole: P }
  | { readonly kind: "attribute"; readonly of: Expr<P>; readonly name: string }
  | { readonly kind: "call"; readonly callee: Expr<P>; readonly args: readonly Arg<P>[] }
  | { readonly kind: "index"; readonly of: Expr<P>; readonly items: readonly Expr<P>[] }
  | { readonly kind: "slice"; readonly parts: readonly (Expr<P> | null)[] }
  | { readonly kind: "unary"; readonly operator: string; readonly of: Expr<P> }
  | { readonly kind: "binary"; readonly operator: string; readonly left: Expr<P>; readonly right: Expr<P> }
  | { readonly kind: "list" | "tuple"; readonly items: readonly Expr<P>[] }
  | {
      readonly kind: "repeated";
      readonly item: Expr<P>;
      readonly count: number;
      readonly open: string;
    }
  | { readonly kind: "dict"; readonly entries: readonly (readonly [string, Expr<P>])[] };

/** An argument of a call, by position or by name. */
export interface Arg<P = never> {
  readonly name?: string | undefined;
  readonly value: Expr<P>;
}

export function atom(text: string): Expr<never> {
  return { kind: "atom", text };
}

export function hole<P>(of: P): Expr<P> {
  return { kind: "hole", hole: of };
}

export function attribute<P>(of: Expr<P>, ...names: readonly string[]): Expr<P> {
  return names.reduce<Expr<P>>((inner, name) => ({ kind: "attribute", of: inner, name }), of);
}

/** A dotted name: `torch.cat`. */
export function dotted(path: string): Expr<never> {
  const [first, ...names] = path.split(".");
  return attribute(atom(first), ...names);
}

export function call<P>(callee: Expr<P>, ...args: readonly (Expr<P> | Arg<P>)[]): Expr<P> {
  return { kind: "call", callee, args: args.map((arg) => ("kind" in arg ? { value: arg } : arg)) };
}

export function named<P>(name: string, value: Expr<P>): Arg<P> {
  return { name, value };
}

/** The expression with others in the places of its holes. */
export function fill<P, Q>(expr: Expr<P>, by: (hole: P) => Expr<Q>): Expr<Q> {
  const on = (inner: Expr<P>): Expr<Q> => fill(inner, by);
  switch (expr.kind) {
    case "atom":
      return expr;
    case "hole":
      return by(expr.hole);
    case "attribute":
      return { ...expr, of: on(expr.of) };
    case "call":
      return {
        ...expr,
        callee: on(expr.callee),
        args: expr.args.map(({ name, value }) => ({ name, value: on(value) })),
      };
    case "index":
      return { ...expr, of: on(expr.of), items: expr.items.map(on) };
    case "slice":
      return { ...expr, parts: expr.parts.map((part) => (part === null ? null : on(part))) };
    case "unary":
      return { ...expr, of: on(expr.of) };
    case "binary":
      return { ...expr, left: on(expr.left), right: on(expr.right) };
    case "repeated":
      return { ...expr, item: on(expr.item) };
    case "dict":
      return { ...expr, entries: expr.entries.map(([key, value]) => [key, on(value)] as const) };
    default:
      return { ...expr, items: expr.items.map(on) };
  }
}

/** The holes of an expression, in the order in which Python evaluates them. */
export function holesOf<P>(expr: Expr<P>): P[] {
  const found: P[] = [];
  fill(expr, (hole): Expr<never> => {
    found.push(hole);
    return atom("_");
  });
  return found;
}
