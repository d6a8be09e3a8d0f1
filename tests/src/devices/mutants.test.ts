/**
 * The tolerance of devices, checked: rules with a sign turned or a factor of 1.01, and outputs off by a factor of 1.01, have
 * to be found out by the draws that the right ones are given.
 */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { elementwiseRules } from "@flambeau/autograd";
import { E } from "@flambeau/backend";
import { type ElementwiseName, type Formula, type Operand, record, Tensor } from "@flambeau/tensor";
import { elementwiseCases, functionOf, operands, type Sample } from "../samples/index.ts";
import { seed } from "../seed.ts";
import { webgpu } from "./devices.ts";
import { checkOn } from "./suite.ts";
import { toleranceOf } from "./tolerance.ts";
import { waits } from "./waits.ts";

/** Derivatives that are zero wherever they exist: no factor makes a difference. */
const flat = new Set(["floorDivide", "sign", "floor", "ceil", "trunc", "round"]);
/** On the GPU the rules of these, which stand for the others: the tolerance is the same everywhere. */
const onGpu = new Set<string>(["exp", "tanh", "mul", "div", "pow", "gelu"]);
const rules = elementwiseRules as unknown as Record<string, readonly (Formula | null)[]>;
/**
 * A few at a time: most are found at once. Of clamp and hardtanh a third of the rounds has no element beyond the bound that
 * would tell; so many rounds leave one chance in 1e18.
 */
const draws = 3;
const rounds = 40;
let mutants = 0;

const survives = async (device: string, samples: Sample[], tolerance: number): Promise<boolean> => {
  mutants++;
  try {
    for (let round = 0; round < rounds; round++)
      await checkOn(device, samples, draws, tolerance, seed + round);
    return true;
  } catch (error) {
    // Nothing but a wrong number counts.
    if (!/should be/.test(String(error))) throw error;
    return false;
  }
};

const names = Object.keys(operands) as ElementwiseName[];

describe("wrong results do not pass for float32's rounding", () => {
  for (const name of names) {
    for (const device of onGpu.has(name) ? [waits.name, "webgpu"] : [waits.name]) {
      const skip = device === "webgpu" ? webgpu.skip : false;
      test(`${name} on ${device}`, { skip }, async () => {
        const run =
          (wrong: string | null, factor: number) =>
          (...args: Operand[]): Tensor => {
            const out = functionOf(name)(...args.map((x) => (x instanceof Tensor ? x.detach() : x)));
            return record((wrong ?? name) as ElementwiseName, args, undefined, out.mul(factor));
          };
        const found = async (f: (...args: Operand[]) => Tensor): Promise<boolean> => {
          const samples = operands[name].map((list) => ({
            name,
            cases: elementwiseCases(f, list),
            smooth: true,
          }));
          return !(await survives(device, samples, toleranceOf(name)));
        };
        // The derivative is the right one's, but the values are not: on the CPU, too, so only the rule can tell.
        for (let k = 0; k < rules[name].length && !flat.has(name); k++) {
          const formula = rules[name][k];
          if (formula === null) continue;
          for (const factor of [-1, 1.01]) {
            const local = `${name} ${k} ${factor}`;
            rules[local] = rules[name].map((f, i) =>
              i === k ? (values) => E.mul(factor, formula(values)) : f,
            );
            const caught = await found(run(local, 1));
            delete rules[local];
            assert.ok(caught, `${name}: the formula of operand ${k} times ${factor} passes`);
          }
        }
        const off = (...args: Operand[]): Tensor => {
          const tensor = args.find((x) => x instanceof Tensor) as Tensor;
          return functionOf(name)(...args).mul(tensor.device === "cpu" ? 1 : 1.01);
        };
        if (name !== "floor" && name !== "trunc" && name !== "round")
          assert.ok(await found(off), `${name}: outputs times 1.01 pass`);
      });
    }
  }
  after(() => console.log(`counted: device tolerances: ${mutants} wrong results tried`));
});
