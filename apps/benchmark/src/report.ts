/**
 * A run as text: the table on the terminal, and the page in the docs.
 *
 * @module
 */
import { type LibraryId, libraries, libraryIds } from "./libraries.ts";
import { medianOf, type Report, type Result, ratio } from "./results.ts";
import { spread } from "./statistics.ts";
import { type Verdict, verdicts } from "./targets.ts";

/** A time or a size with three digits and the unit that suits it. */
export function quantity(value: number, unit: Result["unit"]): string {
  if (unit === "kB") return `${digits(value)} kB`;
  if (value >= 1000) return `${digits(value / 1000)} s`;
  return value >= 1 ? `${digits(value)} ms` : `${digits(value * 1000)} us`;
}

/** Three digits, without an exponent. */
export function digits(value: number): string {
  if (value === 0) return "0";
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(decimals, 6));
}

function cell(result: Result, library: LibraryId): string {
  const figure = medianOf(result, library);
  if (figure === undefined) return "-";
  const speed = result.flop === undefined ? "" : `, ${digits(result.flop / figure / 1e6)} GF/s`;
  const times = ratio(result, library);
  const compared = library === "flambeau" || times === undefined ? "" : ` (${digits(times)}x)`;
  return `${quantity(figure, result.unit)}${speed}${compared}`;
}

function verdictText({ target, reached, met }: Verdict): string {
  const wanted =
    "under" in target ? `under ${target.under}` : `${target.atLeast}x ${libraries[target.against].name}`;
  return met
    ? `${wanted}: met`
    : `${wanted}: short, ${reached === undefined ? "no figure" : digits(reached)}`;
}

/** The table's rows, the first its heading. */
export function tableRows(results: readonly Result[]): string[][] {
  const shown = libraryIds.filter((id) => results.some((result) => medianOf(result, id) !== undefined));
  const hasThreads = results.some(({ threads }) => threads > 0);
  const heading = [
    "work",
    ...(hasThreads ? ["threads"] : []),
    ...shown.map((id) => libraries[id].name),
    "target",
  ];
  const rows = results.map((result) => [
    result.title,
    ...(hasThreads ? [result.threads === 0 ? "" : String(result.threads)] : []),
    ...shown.map((id) => cell(result, id)),
    verdicts(result).map(verdictText).join("; "),
  ]);
  return [heading, ...rows];
}

/** The table for a terminal. */
export function tableText(results: readonly Result[]): string {
  const rows = tableRows(results);
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows
    .map((row) =>
      row.map((text, i) => (i === 0 ? text.padEnd(widths[i]) : text.padStart(widths[i]))).join("  "),
    )
    .map((line) => line.trimEnd())
    .join("\n");
}

function markdownTable(rows: readonly string[][]): string {
  const line = (row: readonly string[]): string =>
    `| ${row.map((text) => text.replaceAll("|", "\\|")).join(" | ")} |`;
  return [
    line(rows[0]),
    line(rows[0].map((_, i) => (i === 0 ? "---" : "---:"))),
    ...rows.slice(1).map(line),
  ].join("\n");
}

/** Why libraries have no figure, as "library: reason", each once, with the works that it holds for. */
export function exclusions(results: readonly Result[]): string[] {
  const works = new Map<string, string[]>();
  for (const result of results) {
    for (const id of libraryIds) {
      const entry = result.entries[id];
      if (entry === undefined || !("excluded" in entry)) continue;
      const key = `${libraries[id].name}: ${entry.excluded}`;
      const where = result.threads > 1 ? `${result.id} (${result.threads} threads)` : result.id;
      works.set(key, [...(works.get(key) ?? []), where]);
    }
  }
  return [...works].map(
    ([reason, ids]) => `${reason} - ${ids.length > 6 ? `${ids.length} works` : ids.join(", ")}`,
  );
}

/** Works that miss a target. */
export function shortfalls(results: readonly Result[]): string[] {
  return results.flatMap((result) => {
    const threads = result.threads > 1 ? `, ${result.threads} threads` : "";
    return verdicts(result)
      .filter(({ met }) => !met)
      .map((verdict) => `${result.title}${threads}: ${verdictText(verdict)}`);
  });
}

/** The middle of all spreads: how noisy the machine was. */
function noise(results: readonly Result[]): string {
  const all = results.flatMap(({ entries }) =>
    Object.values(entries).flatMap((entry) =>
      "samples" in entry && entry.samples.length > 2 ? [spread(entry.samples)] : [],
    ),
  );
  if (all.length === 0) return "";
  all.sort((a, b) => a - b);
  const percent = (part: number): string => `${Math.round(all[Math.floor(part * (all.length - 1))] * 100)}%`;
  return `Half of a library's rounds lie within ${percent(0.5)} of each other for a middling work, ${percent(0.9)} for a noisy one.`;
}

const QUEUED =
  "On WebGPU a round asks for as many training steps as last about a tenth of a second, then waits for the last one's " +
  "loss, in every library alike; products are waited for one by one. An adapter in software does on the CPU " +
  "what a GPU would do: only ratios say something here.";

/** The page in the docs; `name` is that of the files beside it. */
export function page(report: Report, name: string): string {
  const { results } = report;
  const bullets = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join("\n");
  const part = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [`## ${title}`, bullets(lines)];
  const versions = Object.entries(report.versions).map(
    ([id, version]) => `${libraries[id as LibraryId].name} ${version}`,
  );
  return `${[
    `<!-- Made by \`${report.command}\`; what is written here by hand is lost. -->`,
    report.device === "cpu" ? "# Benchmark" : "# Benchmark on WebGPU",
    `Made by \`${report.command}\` on ${report.date.slice(0, 10)} (${report.machine}; ${report.system}). ` +
      `Each figure is the median of ${report.rounds} rounds in which the libraries took turns, each in its own process; ` +
      "before that, all of them had computed the same from the same inputs. In brackets: how many times as fast " +
      `Flambeau is, so 2x means half the time. GF/s are billions of floating-point operations a second. ${noise(results)}`,
    ...(report.device === "cpu" ? [] : [QUEUED]),
    bullets([...versions, ...report.remarks]),
    "## Results",
    markdownTable(tableRows(results)),
    ...part("Where it falls short", shortfalls(results)),
    `## Against each library\n\n![How many times as fast Flambeau is as each library](${name}-ratios.svg)`,
    `## How time grows with size\n\n![Time against size](${name}-growth.svg)`,
    ...part("What was not measured, and why", exclusions(results)),
  ].join("\n\n")}\n`;
}
