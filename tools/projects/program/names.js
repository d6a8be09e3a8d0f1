// Every class that the packages export has its name after minification, and what nobody uses is not in a bundle.
import * as autograd from "@flambeau/autograd";
import * as backend from "@flambeau/backend";
import * as cpu from "@flambeau/cpu-backend";
import * as data from "@flambeau/data";
import * as datasets from "@flambeau/datasets";
import * as distributions from "@flambeau/distributions";
import * as files from "@flambeau/files";
import * as linalg from "@flambeau/linalg";
import * as metrics from "@flambeau/metrics";
import * as nn from "@flambeau/nn";
import * as optim from "@flambeau/optim";
import * as plot from "@flambeau/plot";
import * as progress from "@flambeau/progress";
import * as serialization from "@flambeau/serialization";
import * as summary from "@flambeau/summary";
import * as tensor from "@flambeau/tensor";
import * as webgpu from "@flambeau/webgpu-backend";
import * as flambeau from "flambeau";

const packages = {
  autograd,
  backend,
  cpu,
  data,
  datasets,
  files,
  distributions,
  linalg,
  metrics,
  nn,
  optim,
  plot,
  progress,
  serialization,
  summary,
  tensor,
  webgpu,
  flambeau,
};
const classes = new Map();
const seen = new Set();

function collect(namespace) {
  if (seen.has(namespace)) return;
  seen.add(namespace);
  for (const [name, value] of Object.entries(namespace)) {
    if (typeof value === "function" && /^class\b/.test(Function.prototype.toString.call(value)))
      classes.set(name, value);
    // A namespace of a package: a frozen object, or one without a prototype.
    else if (typeof value === "object" && value !== null && isNamespace(value)) collect(value);
  }
}

function isNamespace(value) {
  return Object.getPrototypeOf(value) === null || Object.isFrozen(value);
}

for (const one of Object.values(packages)) collect(one);
const renamed = [...classes].filter(([name, value]) => value.name !== name).map(([name]) => name);
if (classes.size < 100) renamed.push(`only ${classes.size} classes found`);
console.log(renamed.length === 0 ? "every class has its name" : `renamed: ${renamed.join(", ")}`);
