import { elementwiseCases, operands, type Sample, samples } from "../samples/index.ts";
import { layerCases } from "../layers/cases.ts";
import { inPlaceNames, writing } from "../samples/in-place.ts";
import fc from "fast-check";
import { checkOn } from "./suite.ts";
import { waits } from "./waits.ts";
import { toleranceOf } from "./tolerance.ts";
const layers = Object.entries(layerCases).map(([name, cases]): Sample => ({ name: `F.${name}`, cases, smooth: true }));
const inPlace = inPlaceNames.flatMap((name) => operands[name].map((list): Sample => ({ name: `${name}_`, cases: fc.oneof(elementwiseCases(writing(name, "tensor"), list), elementwiseCases(writing(name, "view"), list)), smooth: true })));
const end = Date.now() + Number(process.argv[2]) * 1000;
const bad = new Map<string, number>(); const all = [...samples, ...inPlace, ...layers].filter((s) => !s.float64);
const only = process.argv[3];
let rounds = 0;
while (Date.now() < end) { rounds++;
  for (const s of all) { if (only && s.name !== only) continue;
    try { await checkOn(waits.name, [s], 15, toleranceOf(s.name)); }
    catch (e) { bad.set(s.name, (bad.get(s.name) ?? 0) + 1); console.log(s.name, String(e).slice(0, 260)); } } }
console.log(rounds, [...bad]);
