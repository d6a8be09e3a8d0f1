/** Whether every name has an entry in a table, or stands on a short list that says why not. */

export interface Completeness {
  /** What has to be there: the names of the API. */
  readonly names: Iterable<string>;
  /** What is there: the names in the table. */
  readonly table: Iterable<string>;
  /** Names that need no entry, under the reason for it. */
  readonly without?: Readonly<Record<string, readonly string[]>>;
  /** What to tell of a name that is missing: what it lacks, and the file to add it to. */
  readonly say: (name: string) => string;
}

/** What is wrong: names without an entry, and lists that are out of date. */
export function problemsOf({ names, table, without = {}, say }: Completeness): string[] {
  const [all, entries] = [new Set(names), new Set(table)];
  const excepted = new Map(
    Object.entries(without).flatMap(([reason, list]) => list.map((name) => [name, reason] as const)),
  );
  return [
    ...[...all].filter((name) => !entries.has(name) && !excepted.has(name)).map(say),
    ...[...excepted].flatMap(([name, reason]) => {
      if (!all.has(name)) return [`${name} is excepted (${reason}), and there is no such name`];
      return entries.has(name) ? [`${name} is excepted (${reason}), and has an entry all the same`] : [];
    }),
    ...[...entries]
      .filter((name) => !all.has(name))
      .map((name) => `${name} has an entry, and there is no such name`),
  ];
}
