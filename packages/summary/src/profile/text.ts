import type { ProfileAverage } from "./average.ts";

/** A column of the table. */
interface Column {
  readonly title: string;
  readonly cell: (row: ProfileAverage) => string;
}

/** Microseconds as PyTorch prints them: 12.000us, 3.400ms, 1.250s. */
function timeText(us: number): string {
  if (us >= 1e6) return `${(us / 1e6).toFixed(3)}s`;
  return us >= 1e3 ? `${(us / 1e3).toFixed(3)}ms` : `${us.toFixed(3)}us`;
}

/** Bytes as PyTorch prints them: 12 b, 1.50 Kb, 2.00 Mb. */
function memoryText(bytes: number): string {
  const units = ["Kb", "Mb", "Gb"];
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length);
  return power === 0 ? `${bytes} b` : `${(bytes / 1024 ** power).toFixed(2)} ${units[power - 1]}`;
}

/** The columns for averages of which the self times add up to `total`. */
function columnsOf(rows: readonly ProfileAverage[], total: number): Column[] {
  const share = (time: number): string => `${total === 0 ? "0.00" : ((100 * time) / total).toFixed(2)}%`;
  const columns: Column[] = [
    { title: "Name", cell: (row) => row.key },
    { title: "Self CPU %", cell: (row) => share(row.selfCpuTimeTotal) },
    { title: "Self CPU", cell: (row) => timeText(row.selfCpuTimeTotal) },
    { title: "CPU total %", cell: (row) => share(row.cpuTimeTotal) },
    { title: "CPU total", cell: (row) => timeText(row.cpuTimeTotal) },
    { title: "CPU time avg", cell: (row) => timeText(row.cpuTime) },
    { title: "Self Mem", cell: (row) => memoryText(row.selfMemoryUsage) },
    { title: "# of Calls", cell: (row) => String(row.count) },
  ];
  if (rows.some((row) => row.inputShapes !== null))
    columns.push({
      title: "Input Shapes",
      cell: ({ inputShapes }) => (inputShapes ?? []).map((shape) => `[${shape.join(", ")}]`).join(" "),
    });
  return columns;
}

/** The table of averages, of all of which the self times add up to `total`. */
export function tableOf(rows: readonly ProfileAverage[], total: number, isAsync: boolean): string {
  const columns = columnsOf(rows, total);
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ cell }) => cell(row))),
  ];
  const widths = columns.map((_, c) => Math.max(...cells.map((line) => line[c].length)));
  const divider = widths.map((width) => "-".repeat(width)).join("  ");
  const lines = cells.map((line) =>
    line
      .map((text, c) => (c === 0 ? text.padEnd(widths[c]) : text.padStart(widths[c])))
      .join("  ")
      .trimEnd(),
  );
  lines.splice(1, 0, divider);
  lines.push(divider, `Self CPU time total: ${timeText(total)}`);
  if (isAsync)
    lines.push(
      "Times are those of the host: a device that computes on its own time may still run what was submitted.",
    );
  return [divider, ...lines].join("\n");
}
