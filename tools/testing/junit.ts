/** Reads what Node, Bun and Deno write as JUnit XML, as far as a tally needs it. */
import { existsSync, readFileSync } from "node:fs";

export interface Report {
  passed: number;
  failed: number;
  /** The full names of the skipped tests. */
  skipped: string[];
  /** The test files that held no test, which Node would count as one that passed. */
  empty: string[];
}

/** Attribute values and text have their quotes and `<` escaped in all three dialects; a value may hold a bare `>`. */
const testcase = /<testcase((?:\s+[\w-]+="[^"]*")*)\s*(?:\/>|>([\s\S]*?)<\/testcase>)/g;

/** The tally of a report; of zero tests when the runner did not get as far as to write one. */
export function readReport(path: string): Report {
  return parseReport(existsSync(path) ? readFileSync(path, "utf8") : "");
}

/** The tally of a report's text. */
export function parseReport(xml: string): Report {
  const report: Report = { passed: 0, failed: 0, skipped: [], empty: [] };
  const cases = [...xml.matchAll(testcase)].map(([, attributes, body = ""]) => ({
    name: fullName(attributes),
    body,
  }));
  // Deno lists a suite beside its tests, as "outer" beside "outer > inner". Only the leaves are tests.
  const suites = new Set(cases.flatMap(({ name }) => ancestors(name)));
  for (const { name, body } of cases) {
    if (suites.has(name)) continue;
    if (/<(failure|error)\b/.test(body)) report.failed++;
    else if (/<skipped\b/.test(body)) report.skipped.push(name);
    else if (name.endsWith(".test.ts")) report.empty.push(name);
    else report.passed++;
  }
  return report;
}

function fullName(attributes: string): string {
  const value = (key: string): string => {
    const found = attributes.match(new RegExp(`\\s${key}="([^"]*)"`));
    return (found?.[1] ?? "")
      .replaceAll("&gt;", ">")
      .replaceAll("&lt;", "<")
      .replaceAll("&quot;", '"')
      .replaceAll("&amp;", "&");
  };
  return value("name");
}

function ancestors(name: string): string[] {
  const parts = name.split(" > ");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join(" > "));
}
