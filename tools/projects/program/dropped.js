// Which names of layers are in the bundles of one-layer.js.
import { readdirSync, readFileSync } from "node:fs";

for (const bundler of process.argv.slice(2)) {
  const files = readdirSync(bundler).filter((name) => name.endsWith(".js"));
  const text = files.map((name) => readFileSync(`${bundler}/${name}`, "utf8")).join("\n");
  const names = ["Linear", "Conv2d", "LayerNorm", "Softplus", "CrossEntropyLoss", "Adam", "DataLoader"];
  console.log(
    `${bundler}: ${names.filter((name) => new RegExp(`["'\`]${name}["'\`]`).test(text)).join(", ")}`,
  );
}
