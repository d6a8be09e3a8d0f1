/** `npm run docs:ops`: writes docs/ops.md, which has every op of PyTorch's database, from its samples run on the CPU and on WebGPU. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DType } from "@flambeau/backend";
import { webgpu } from "flambeau";
import database from "../../tests/fixtures/op_database.json" with { type: "json" };
import { root } from "../runtimes.ts";
import { pageOf } from "./page.ts";
import { type Row, rowOf, type TorchOp } from "./rows.ts";

const FLOATS = ["float64", "float32", "float16", "bfloat16"] as const;
const INTEGERS = ["int64", "int32", "int16", "int8", "uint8", "bool"] as const;
const devices: Record<string, readonly DType[]> = {
  cpu: [...FLOATS, ...INTEGERS],
  webgpu: ["float32", "int64", "int32", "uint8", "bool"],
};

await webgpu.init();
const rows: Row[] = [];
for (const [op, torch] of Object.entries(database.ops)) {
  rows.push(await rowOf(op, torch as TorchOp, devices));
  process.stderr.write(`\r${rows.length} ${op.padEnd(50)}`);
}
writeFileSync(join(root, "docs", "ops.md"), pageOf(rows, devices, database.torch));
