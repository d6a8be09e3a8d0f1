/** The chapter's classifiers, trained under a policy of ../policies.ts: PyTorch's losses, and a warning of what is forbidden. */
import { getNumThreads, manualSeed, nn, optim, randn, setNumThreads, setWarningHandler } from "flambeau";
import { binaryClassifier, multiClassifier } from "../../../apps/chapter/src/models.ts";
import { blobsProblem, circlesProblem, loaderOf } from "../../../apps/chapter/src/problems.ts";
import { trainer } from "../../../apps/chapter/src/trainer.ts";
import fixture from "../../fixtures/chapter.json" with { type: "json" };
import { check, ensure, finish } from "./checks.ts";

interface Surroundings {
  readonly location: { readonly pathname: string };
  addEventListener(
    type: "securitypolicyviolation",
    listener: (event: { effectiveDirective: string }) => void,
  ): void;
}
const here = globalThis as unknown as Surroundings & { readonly document: Surroundings };
const name = here.location.pathname.split("/").at(-1) ?? "";
const mayCompile = !name.includes("no-wasm");

const warnings: string[] = [];
setWarningHandler((text) => warnings.push(text));
const violations = new Set<string>();
here.document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
  violations.add(effectiveDirective);
});
setNumThreads(2);

const size = 200;
manualSeed(0);
const a = randn([size, size]);
const b = randn([size, size]);

await check("a product of matrices is right", async () => {
  const [x, y] = [a.dataSync(), b.dataSync()] as Float32Array[];
  // Workers would join after the first calls.
  for (let call = 0; call < 5; call++) {
    const got = a.matmul(b).dataSync();
    for (let i = 0; i < size; i += 7) {
      for (let j = 0; j < size; j += 11) {
        let sum = 0;
        for (let k = 0; k < size; k++) sum += x[i * size + k] * y[k * size + j];
        ensure(Math.abs(Number(got[i * size + j]) - sum) < 1e-3, `element ${i}, ${j}`);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

const sameAsPyTorch = (losses: readonly number[], expected: readonly number[]): void => {
  ensure(losses.length === expected.length, `${losses.length} epochs`);
  for (const [epoch, loss] of losses.entries()) {
    const near = Math.abs(loss - expected[epoch]) <= 1e-4 * expected[epoch];
    ensure(near, `epoch ${epoch + 1}: ${loss}, PyTorch ${expected[epoch]}`);
  }
};

await check("two circles are told apart, with PyTorch's losses", async () => {
  const loader = loaderOf(circlesProblem(), "cpu");
  const { seed, losses } = fixture.trainings.circles.runs[0];
  manualSeed(seed);
  const model = new binaryClassifier(2, 5, 1);
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.1 });
  const criterion = new nn.BCEWithLogitsLoss();
  sameAsPyTorch(
    await trainer(model, criterion, optimizer, loader, { epochs: losses.length, verbose: false }),
    losses,
  );
});

await check("four clusters are told apart, with PyTorch's losses", async () => {
  const loader = loaderOf(blobsProblem(), "cpu", { classes: true });
  const { seed, losses } = fixture.trainings.blobs.runs[0];
  manualSeed(seed);
  const model = new multiClassifier(2, 5, 4);
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.2 });
  const options = { epochs: losses.length, flatten: false, verbose: false };
  sameAsPyTorch(await trainer(model, new nn.CrossEntropyLoss(), optimizer, loader, options), losses);
});

await check("what the policy forbids is warned of, once", () => {
  const named = warnings.filter((text) => text.includes("'wasm-unsafe-eval'"));
  ensure(named.length === (mayCompile ? 0 : 1), `warnings: ${warnings.join("; ")}`);
  if (!mayCompile) ensure(violations.has("script-src"), "nothing was forbidden");
});

await check("one thread computes, and getNumThreads() says so", () => {
  ensure(getNumThreads() === 1, `${getNumThreads()} threads`);
});
finish();
