/** The table of ops as a page. */
import type { DType } from "@flambeau/backend";
import type { OnDevice, Row } from "./rows.ts";

/** Why there is nothing of a name. */
const ABSENT: readonly (readonly [RegExp, string])[] = [
  [/^fft\.|stft|complex|polar|imag|chalf|view_as_real/, "complex numbers are no dtype"],
  [/sparse/, "tensors are dense"],
  [/^jiterator/, "of CUDA"],
  [/^resize/, "a storage does not grow"],
  [/new_empty_strided/, "`emptyStrided`"],
  [/symeig/, "removed from PyTorch; `linalg.eigh`"],
  [/_scaled_dot/, "private; `F.scaledDotProductAttention`"],
];

/** The page: how much there is, and a row for each op. */
export function pageOf(
  rows: readonly Row[],
  devices: Readonly<Record<string, readonly DType[]>>,
  version: string,
): string {
  const there = rows.filter(({ here }) => here !== null);
  const counts = Object.keys(devices).map((device) => {
    const shares = there.flatMap(({ on }) => (device in on ? [on[device].share] : []));
    const [equal, of] = [sum(shares.map((s) => s.equal)), sum(shares.map((s) => s.of))];
    return `| ${TITLES[device]} | ${shares.length} | ${of} | ${equal} | ${((100 * equal) / of).toFixed(1)}% |`;
  });
  return `---
outline: false
---

# Ops

Every op of PyTorch's own database of ops (\`torch.testing\`, version ${version}): ${there.length} of ${rows.length} are here. \`npm run docs:ops\` writes this page: it
runs samples of PyTorch's database and compares values, dtypes, shapes and gradients with PyTorch's.

| device | ops with samples | samples | as in PyTorch | share |
| --- | ---: | ---: | ---: | ---: |
${counts.join("\n")}

Samples are of double precision on the CPU, of single precision on WebGPU. Under a device stand the dtypes in which the op runs, of those that PyTorch's CPU has it
in and the device has at all; \`all\` is all of these. An op whose output's size depends on elements (\`nonzero\`,
\`unique\`) does not run on a GPU, whose elements cannot be read at once: [move it
to the CPU](./guides/devices.md) first. Where no samples are kept (random draws, conversions, what is written nowhere), tests of other
kinds compare with PyTorch, and the columns are empty.

| PyTorch | here | gradient | CPU | as in PyTorch | WebGPU | as in PyTorch |
| --- | --- | --- | --- | ---: | --- | ---: |
${rows.map((row) => lineOf(row, devices)).join("\n")}
`;
}

const TITLES: Readonly<Record<string, string>> = { cpu: "CPU", webgpu: "WebGPU" };

function lineOf(
  { op, here, gradient, on }: Row,
  devices: Readonly<Record<string, readonly DType[]>>,
): string {
  const torch = `\`${op.replace("nn.functional.", "F.")}\``;
  if (here === null) {
    const reason = ABSENT.find(([pattern]) => pattern.test(op))?.[1] ?? "";
    return `| ${torch} | — ${reason} | | | | | |`;
  }
  const cells = Object.keys(devices).flatMap((device) => (device in on ? cellsOf(on[device]) : ["", ""]));
  return `| ${torch} | \`${here}\` | ${gradient ? "yes" : "no"} | ${cells.join(" | ")} |`;
}

function cellsOf({ dtypes, wanted, share }: OnDevice): string[] {
  const missing = wanted.filter((dtype) => !dtypes.includes(dtype));
  const text =
    missing.length === 0
      ? "all"
      : dtypes.length === 0
        ? "none"
        : missing.length < dtypes.length
          ? `all but ${missing.join(", ")}`
          : dtypes.join(", ");
  return [text, `${share.equal} of ${share.of}`];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
