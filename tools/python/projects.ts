/**
 * A part of `npm run test:python`: exported projects, run by PyTorch. Needs a Python with torch and numpy, the one that the variable PYTHON names or
 * Debian's. Its results are kept in docs/decisions/beyond-one-machine.md.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { importPyTorch } from "@flambeau/export-pytorch";
import { defaultGenerator, getRngState, setRngState } from "@flambeau/tensor";
import { goOn, makeCase, names } from "../../packages/export-pytorch/test/cases.ts";
import { setting } from "../../tests/src/setting.ts";
import { root } from "../runtimes.ts";
import { compared } from "./fleet.ts";
import { command, difference, has, Project } from "./project.ts";
import { NO_MEAN_OF_ROWS, sampled } from "./sampled.ts";

const STEPS = 20;
const MOST = 1e-5;
const python = setting("PYTHON") ?? "/usr/bin/python3";
const found = spawnSync(python, ["-c", "import torch, numpy; print(torch.__version__)"], {
  encoding: "utf8",
});
if (found.status !== 0) {
  console.log(`skipped: exported projects (${python} has no torch and numpy; PYTHON names another one)`);
  process.exit(0);
}
const only = process.argv[2] ?? "";
const results: (readonly [what: string, difference: number | string])[] = [];
let failed = 0;

function note(what: string, result: number | string, isGood: boolean): void {
  results.push([what, result]);
  if (!isGood) failed++;
  const shown = typeof result === "number" ? result.toExponential(1) : result;
  console.log(`${isGood ? "ok     " : "FAILED "} ${what}: ${shown}`);
}

function near(what: string, a: readonly number[], b: readonly number[]): void {
  const most = difference(a, b);
  note(what, most, most <= MOST);
}

/** Runs a check; what it throws is its failure. */
async function check(name: string, run: () => Promise<void>): Promise<void> {
  if (!name.includes(only)) return;
  try {
    await run();
  } catch (error) {
    note(name, "failed", false);
    console.log(String(error));
  }
}

function format(project: Project): void {
  const files = readdirSync(project.folder).filter((name) => name.endsWith(".py"));
  project.run("-m", "py_compile", ...files);
  for (const [program, args] of [
    ["black", ["--check", "-q", "-l", "88"]],
    ["flake8", ["--max-line-length", "88"]],
  ] as const) {
    if (has(program)) command(program, [...args, ...files], project.folder);
    else console.log(`skipped: ${program} (not installed)`);
  }
}

for (const name of names) {
  await check(name, async () => {
    const one = makeCase(name);
    const project = await Project.of(name, one, python);
    format(project);
    project.run("parity.py");
    note(`${name}: parity.py`, "passes", true);
    project.run("train.py", "--steps", String(STEPS), "--no-shuffle");
    near(`${name}: losses of ${STEPS} steps in PyTorch and here`, goOn(one, STEPS), project.losses);
    const state = getRngState();
    const back = makeCase(name, 0);
    const { optimizer, schedule } = back.training;
    setRngState(state);
    const more = goOn(one, 5);
    const parts = {
      model: back.model,
      optimizer,
      generator: defaultGenerator,
      ...(schedule && { schedule }),
    };
    await importPyTorch(project.path("checkpoint.pt"), parts);
    near(`${name}: losses of 5 steps more here, of the weights brought back`, more, goOn(back, 5));
  });
}

/** Models of many kinds. */
const projects = new Map<string, Project>();
for (const { name, one } of sampled()) {
  await check(`model ${name}`, async () => {
    const project = await Project.of(`model-${name}`, one, python);
    format(project);
    project.run("parity.py");
    note(`model ${name}: parity.py`, "passes", true);
    project.run("train.py", "--steps", "3");
    const { optimizer } = one.training;
    await importPyTorch(project.path("checkpoint.pt"), { model: one.model, optimizer });
    note(`model ${name}: brought back after 3 steps`, "passes", true);
    projects.set(name, project);
  });
}

if (projects.size > 0)
  await check(only, async () => {
    for (const [name, { evalMode, training, killed }] of await compared(projects)) {
      const what = `model ${name}, two processes`;
      const reason = NO_MEAN_OF_ROWS[name];
      if (reason === undefined)
        note(`${what}: in eval mode, and one with batches twice as large`, evalMode, evalMode <= MOST);
      else note(`${what}: in eval mode`, `not compared: ${reason}`, true);
      note(`${what}: in training, and one that takes their halves in turn`, training, training <= MOST);
      note(`${what}: one killed and restarted, and two that were not`, killed, killed === 0);
    }
  });

const [plain, oneCycle] = names;
for (const name of [plain, oneCycle]) {
  await check(`processes: ${name}`, async () => {
    const project = await Project.of(`two-${name}`, makeCase(name), python, {
      evaluation: makeCase(name).training.data,
    });
    project.run("train.py", "--steps", String(STEPS), "--seed", "3", "--batch-size", "8");
    const [losses, evaluation] = [project.losses, project.evaluation];
    near(`${name}: shuffled rows here`, goOn(makeCase(name), STEPS, 3), losses);
    project.clear();
    // 50 rows: the last batches of the processes have one row each.
    project.torchrun(2, "train.py", "--steps", String(STEPS), "--seed", "3", "--batch-size", "4");
    near(`${name}: two processes, and one with batches twice as large`, losses, project.losses);
    near(`${name}: their evaluation`, [evaluation ?? NaN], [project.evaluation ?? NaN]);
  });
}

await check("uneven rows", async () => {
  const project = await Project.of("uneven", makeCase(plain), python, {
    evaluation: makeCase(plain).training.data,
  });
  project.run("train.py", "--epochs", "3", "--batch-size", "9");
  const { losses } = project;
  project.clear();
  // 50 rows in batches of 9: of the last batch of 5 rows the third process has 1, the others 2.
  project.torchrun(3, "train.py", "--epochs", "3", "--batch-size", "3");
  near("three processes with uneven rows, and one", losses, project.losses);
  project.clear();
  project.run("train.py", "--epochs", "3", "--batch-size", "49");
  const tail = project.losses;
  project.clear();
  // The last batch has one row: six processes of seven have none.
  project.torchrun(7, "train.py", "--epochs", "3", "--batch-size", "7");
  near("seven processes of which six have no row in the last batch, and one", tail, project.losses);
});

await check("restarts", async () => {
  const dropout = "Adam; dropout";
  const project = await Project.of("restart", makeCase(dropout), python);
  const args = ["--steps", "20", "--batch-size", "4", "--checkpoint-every", "5"];
  project.torchrun(2, "train.py", ...args);
  const { losses } = project;
  project.clear();
  copyFileSync(join(import.meta.dirname, "crash.py"), project.path("crash.py"));
  const printed = project.torchrun(2, "--max_restarts", "1", "crash.py", ...args);
  if (!printed.includes("goes on after step 5")) throw new Error(`no restart:\n${printed}`);
  note(
    "a process killed and restarted within an epoch: the losses of a run without",
    difference(losses, project.losses),
    difference(losses, project.losses) === 0,
  );
  project.clear();
  project.run("train.py", "--steps", "20");
  const whole = project.losses;
  project.clear();
  project.run("train.py", "--steps", "11");
  project.run("train.py", "--steps", "20");
  const apart = difference(whole, project.losses);
  note("one process stopped within an epoch and started again", apart, apart === 0);
});

await check("refusals", async () => {
  const project = await Project.of("refusals", makeCase(plain), python);
  const version = found.stdout.split(".").map(Number);
  for (const [option, words] of [
    ["--fsdp", "PyTorch 2.1"],
    ["--compile", "PyTorch 2.0"],
  ]) {
    if (version[0] > 1) {
      console.log(`skipped: ${option} is there in this PyTorch`);
      continue;
    }
    const refused = spawnSync(python, ["train.py", option], { cwd: project.folder, encoding: "utf8" });
    note(`${option} is refused`, "by name", refused.status === 2 && refused.stderr.includes(words));
  }
});

const rows = results.map(([what, x]) => `| ${what} | ${typeof x === "number" ? shownNumber(x) : x} |`);
function shownNumber(x: number): string {
  return x === 0 ? "0" : x.toExponential(0);
}
if (only === "" && failed === 0)
  writeFileSync(
    join(root, "docs", "decisions", "beyond-one-machine.md"),
    `# What exported projects were checked with

\`npm run test:python\` writes this page: projects of \`@flambeau/export-pytorch\`, run by PyTorch ${found.stdout.trim()} on the CPU. Numbers are the largest relative
differences. FSDP, \`torch.compile\`, CUDA and several machines are not among
them.

Two processes are compared with one in two ways. In eval mode, which takes dropout away and has batch norm use its running statistics, one process takes batches
twice as large. In training each process has random numbers and batch statistics of its own, and its loss is averaged with the other's; one
process then takes both halves of each batch in turn, with a stream of random numbers for each half and the buffers of the first. SyncBatchNorm is of CUDA only. Where
one of two is killed, losses and weights are those of a run without.

| check | result |
| --- | --- |
${rows.join("\n")}
`,
  );
console.log(`${results.length} checks, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
