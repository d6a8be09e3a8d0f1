/** Drafts that are written alike but for numbers, as one class whose constructor takes the numbers that differ. */
import type { Statement, Written } from "../body/body.ts";
import type { Constant } from "../hole.ts";
import { numberOf } from "../python/literals.ts";
import { Names, snakeCase } from "../python/names.ts";
import { atom, type Expr, fill, holesOf } from "../python/tree.ts";
import { type Draft, type PythonClass, signed, textOf } from "./draft.ts";

type Done = Expr<Constant>;

/** A class, and the numbers that each of its instances is made with: by parameter. */
export interface Group {
  readonly drafts: readonly Draft[];
  readonly written: Omit<PythonClass, "name">;
  readonly values: readonly (readonly number[])[];
}

/** Groups of drafts, in the order of their first ones. */
export function groupAlike(drafts: readonly Draft[]): Group[] {
  const groups = new Map<string, Draft[]>();
  for (const draft of drafts) {
    const init = draft.init.map(({ before, expr }) => before + signed(expr));
    const key = [draft.name, ...init, textOf(draft.forward)].join("\n");
    groups.set(key, [...(groups.get(key) ?? []), draft]);
  }
  return [...groups.values()].map(groupOf);
}

function groupOf(drafts: readonly Draft[]): Group {
  const all = drafts.map(constantsOf);
  const [constants] = all;
  const names = new Names("fields").take(drafts[0].init.flatMap(({ before }) => fieldIn(before)));
  /** The parameter of each number that differs, by what it is in all instances. */
  const parameters = new Map<string, string>();
  const values: number[][] = [];
  const nameOf = new Map<number, string>();
  constants.forEach(({ name }, k) => {
    const column = all.map((list) => list[k].value);
    if (column.every((value) => value === column[0])) return;
    const key = column.join();
    if (!parameters.has(key)) {
      parameters.set(key, names.give(fieldWith(drafts, column) ?? (name === "shape" ? "size" : name)));
      values.push(column);
    }
    nameOf.set(k, parameters.get(key) as string);
  });
  const [draft] = drafts;
  let k = 0;
  const settle = (expr: Done, prefix: string): Done =>
    fill<Constant, Constant>(expr, (constant) => {
      const name = nameOf.get(k++);
      return name === undefined ? numberOf(constant.value) : atom(prefix + name);
    });
  const init = draft.init.map(({ before, expr }) => ({ before, expr: settle(expr, "") }));
  const from = k;
  const settleAll = (statements: readonly Statement[]): Statement[] =>
    statements.map((statement) => ({
      ...statement,
      expr: settle(statement.expr, "self."),
      inner: settleAll(statement.inner),
    }));
  const forward: Written | null = draft.forward && {
    ...draft.forward,
    statements: settleAll(draft.forward.statements),
  };
  const kept = [...nameOf].filter(([at]) => at >= from).map(([, name]) => name);
  return {
    drafts,
    values,
    written: { parameters: [...parameters.values()], kept: [...new Set(kept)], init, forward },
  };
}

/** The field of the user's that holds these numbers: a parameter of the constructor, most probably. */
function fieldWith(drafts: readonly Draft[], column: readonly number[]): string | undefined {
  const fields = drafts.map(({ module }) => new Map<string, unknown>(Object.entries(module)));
  const [first] = fields;
  const name = [...first.keys()].find((key) => fields.every((own, i) => own.get(key) === column[i]));
  return name === undefined ? undefined : snakeCase(name);
}

function constantsOf({ init, forward }: Draft): Constant[] {
  const ofStatements = (statements: readonly Statement[]): Constant[] =>
    statements.flatMap(({ expr, inner }) => [...holesOf<Constant>(expr), ...ofStatements(inner)]);
  return [...init.flatMap(({ expr }) => holesOf<Constant>(expr)), ...ofStatements(forward?.statements ?? [])];
}

function fieldIn(before: string): string[] {
  const name = /^self\.(\w+) = $/.exec(before)?.[1];
  return name === undefined ? [] : [name];
}
