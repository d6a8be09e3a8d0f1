/**
 * What TypeScript makes of a signature such as `"sum(input, dim?: dims, keepdim = false, *, dtype?)"`, in which each parameter of a
 * callable stands once, in PyTorch's order:
 *
 * - `dim` has to be given; `dim?` may be left out or null; `keepdim = false` may be left out.
 * - `dim: int` and `dim: int|'all'` say what it takes (see kinds.ts); without that its name does (see labels.ts).
 * - What stands after `*` is given by name only. `...making` stands for the parameters of that group.
 *
 * Arguments are given by position, or any tail of them by name in one object at the end.
 *
 * @module
 */
import type { Kinds } from "./kinds.ts";
import type { Labels, SharedKinds } from "./labels.ts";
import type { Groups } from "./schema.ts";

type Trim<S extends string> = S extends ` ${infer R}` ? Trim<R> : S extends `${infer R} ` ? Trim<R> : S;

type Expand<P extends string> = P extends `...${infer G extends keyof Groups}` ? Split<Groups[G]> : [P];

/** The parameters of a list, one string each; `*` among them. */
type Split<S extends string> = S extends ""
  ? []
  : S extends `${infer A},${infer B}`
    ? [...Expand<Trim<A>>, ...Split<Trim<B>>]
    : Expand<S>;

/** The parameters of a signature. */
type Params<S extends string> = S extends `${string}(${infer L})` ? Split<L> : never;

type NameOf<P extends string> = P extends `${infer N}?${string}`
  ? N
  : P extends `${infer N}:${string}`
    ? N
    : P extends `${infer N} =${string}`
      ? N
      : P;

type Kind<K extends string> = K extends `${infer A}|${infer B}`
  ? Kind<A> | Kind<B>
  : K extends `'${infer L}'`
    ? L
    : K extends keyof Kinds
      ? Kinds[K]
      : never;

/** The kind that a parameter names, else that of its name, else that of its default. */
type KindText<P extends string> = P extends `${string}: ${infer K} = ${string}`
  ? K
  : P extends `${string}: ${infer K}`
    ? K
    : NameOf<P> extends keyof SharedKinds
      ? SharedKinds[NameOf<P>]
      : P extends `${string} = ${infer D}`
        ? KindOfDefault<D>
        : "any";
type KindOfDefault<D extends string> = D extends "true" | "false"
  ? "bool"
  : D extends `'${string}'`
    ? "string"
    : "number";

/** The type of a parameter; `T` has those that no kind expresses, by name. */
type TypeOf<P extends string, T> =
  NameOf<P> extends keyof T ? Exclude<T[NameOf<P>], undefined> : Nullable<P, Kind<KindText<P>>>;
type Nullable<P extends string, T> = P extends `${string}?${string}` ? T | null : T;

type IsOptional<P extends string> = P extends `${string}?${string}` | `${string} = ${string}` ? true : false;

type Relabelled<L extends unknown[], T> = { [I in keyof L]: T };
/** A tuple of one element with the parameter's name as its label. */
type Labelled<N extends string, T> = N extends keyof Labels ? Relabelled<Labels[N], T> : [T];
type Element<P extends string, T> =
  IsOptional<P> extends true ? Partial<Labelled<NameOf<P>, TypeOf<P, T>>> : Labelled<NameOf<P>, TypeOf<P, T>>;

/** Before other arguments those that may be left out are undefined. */
type OrLeftOut<P extends string, T> = IsOptional<P> extends true ? T | undefined : T;

type NamesOf<L extends string[], Optional extends boolean> = {
  [I in keyof L]: L[I] extends "*" ? never : IsOptional<L[I]> extends Optional ? NameOf<L[I]> : never;
}[number];
type Named<L extends string[], N> = { [I in keyof L]: NameOf<L[I]> extends N ? L[I] : never }[number];

/** The documented properties of these names: those of `T`, else the library's. */
type Documented<N extends string, T> = Pick<T, N & keyof T> &
  Pick<Labels, Exclude<N, keyof T> & keyof Labels> &
  Record<Exclude<N, keyof T | keyof Labels>, unknown>;
type Typed<L extends string[], N extends string, T> = {
  readonly [K in keyof Documented<N, T>]: TypeOf<Named<L, K> & string, T>;
};
type Flat<T> = { [K in keyof T]: T[K] } & {};
type OptionsOf<L extends string[], T> = Flat<
  { readonly [K in keyof Typed<L, NamesOf<L, false>, T>]-?: Typed<L, NamesOf<L, false>, T>[K] } & {
    readonly [K in keyof Typed<L, NamesOf<L, true>, T>]?: Typed<L, NamesOf<L, true>, T>[K];
  }
>;

/** What stands after `*`. */
type KeywordOnly<L extends string[]> = L extends [infer P, ...infer R extends string[]]
  ? P extends "*"
    ? R
    : KeywordOnly<R>
  : [];

type Positional<L extends string[]> = L extends [infer P extends string, ...infer R extends string[]]
  ? P extends "*"
    ? []
    : [P, ...Positional<R>]
  : [];

type Elements<L extends string[], T> = L extends [infer P extends string, ...infer R extends string[]]
  ? [...Element<P, T>, ...Elements<R, T>]
  : [];

/** All that are given by position, and then an object. */
type Full<L extends string[], T> =
  KeywordOnly<L> extends []
    ? Elements<Positional<L>, T>
    : [...Elements<Positional<L>, T>, ...KeywordArgument<OptionsOf<KeywordOnly<L>, T>>];
type KeywordArgument<O> = object extends O ? [options?: O] : [options: O];

/** Some by position, and the rest, one of which could be given by position, in an object. */
type Tails<L extends string[], T, Head extends unknown[] = []> = L extends [
  infer P extends string,
  ...infer R extends string[],
]
  ? P extends "*"
    ? never
    :
        | [...Head, options: OptionsOf<L, T>]
        | Tails<R, T, [...Head, ...Labelled<NameOf<P>, OrLeftOut<P, TypeOf<P, T>>>]>
  : never;

/**
 * The arguments that a callable of signature `S` takes. `T` has the types that no kind expresses, by name.
 *
 * @internal
 */
export type Args<S extends string, T = object> = Full<Params<S>, T> | Tails<Params<S>, T>;

/**
 * The signature with a parameter `N` that may be left out as one that has to be given, for an overload that depends on it; its
 * type is that of `T`.
 *
 * @internal
 */
export type Requiring<S extends string, N extends string> = S extends `${infer A}, ${N}${infer B}`
  ? B extends `${string},${infer C}`
    ? `${A}, ${N}: any,${C}`
    : `${A}, ${N}: any)`
  : never;

/**
 * A function of signature `S` that returns `R`.
 *
 * @internal
 */
export interface Callable<S extends string, R, T = object> {
  (...args: Args<S, T>): R;
  /** @internal */
  readonly signature: { readonly [K in S]: true };
}

type Intersection<L extends readonly unknown[]> = L extends readonly [infer F, ...infer R]
  ? F & Intersection<R>
  : unknown;

/**
 * A function that takes what any of the callables takes.
 *
 * @internal
 */
export type Overloaded<L extends readonly unknown[]> = Intersection<L> & {
  /** @internal */
  readonly overloads: L;
};

/** Inside a callable those with a default always have a value. */
type Inners<L extends string[], T> = L extends [infer P extends string, ...infer R extends string[]]
  ? [...Labelled<NameOf<P>, InnerType<P, T>>, ...Inners<R, T>]
  : [];
type InnerType<P extends string, T> = P extends `${string}?${string}`
  ? NonNullable<TypeOf<P, T>> | undefined
  : TypeOf<P, T>;

/** What the code of a callable gets: an argument for each parameter, and an object with those after `*`. */
export type Bound<S extends string, T = object> = [
  ...Inners<Positional<Params<S>>, T>,
  ...KeywordsOf<KeywordOnly<Params<S>>, T>,
];
type KeywordsOf<L extends string[], T> = L extends []
  ? []
  : [options: { readonly [P in L[number] as NameOf<P>]: InnerType<P, T> }];
/** The first `N`, and an object with all others. */
export type BoundAfter<S extends string, N extends number, T = object> = After<Params<S>, N, T, []>;
type After<L extends string[], N extends number, T, Head extends unknown[]> = Head["length"] extends N
  ? [...Head, options: { readonly [P in Exclude<L[number], "*"> as NameOf<P>]: InnerType<P, T> }]
  : L extends [infer P extends string, ...infer R extends string[]]
    ? After<R, N, T, [...Head, ...Labelled<NameOf<P>, InnerType<P, T>>]>
    : never;
/** As `Bound`, in one object. */
export type BoundNames<S extends string, T = object> = {
  readonly [P in Exclude<Params<S>[number], "*"> as NameOf<P>]: InnerType<P, T>;
};

/**
 * A function of a tensor as a method of it: without its first parameter.
 *
 * @internal
 */
export type MethodOf<F> = F extends { readonly overloads: infer L extends readonly unknown[] }
  ? Intersection<{ [I in keyof L]: MethodOf<L[I]> }>
  : F extends Callable<infer S, infer R, infer T>
    ? S extends `${infer N}(${string}, ${infer L})`
      ? Callable<`${N}(${L})`, R, T>
      : S extends `${infer N}(${string})`
        ? Callable<`${N}()`, R, T>
        : never
    : never;
