/** The modules that cells can import: the library, bundled into the worker. */
import * as autograd from "@flambeau/autograd";
import * as backend from "@flambeau/backend";
import * as cpuBackend from "@flambeau/cpu-backend";
import * as data from "@flambeau/data";
import * as datasets from "@flambeau/datasets";
import * as distributions from "@flambeau/distributions";
import * as files from "@flambeau/files";
import * as linalg from "@flambeau/linalg";
import * as masked from "@flambeau/masked";
import * as metrics from "@flambeau/metrics";
import * as nn from "@flambeau/nn";
import * as ops from "@flambeau/ops";
import * as optim from "@flambeau/optim";
import * as plot from "@flambeau/plot";
import * as progress from "@flambeau/progress";
import * as serialization from "@flambeau/serialization";
import * as special from "@flambeau/special";
import * as summary from "@flambeau/summary";
import * as tensor from "@flambeau/tensor";
import * as flambeau from "flambeau";

type Module = Readonly<Record<string, unknown>>;

const modules: ReadonlyMap<string, Module> = new Map<string, Module>([
  ["flambeau", flambeau],
  ["@flambeau/autograd", autograd],
  ["@flambeau/backend", backend],
  ["@flambeau/cpu-backend", cpuBackend],
  ["@flambeau/data", data],
  ["@flambeau/datasets", datasets],
  ["@flambeau/files", files],
  ["@flambeau/distributions", distributions],
  ["@flambeau/linalg", linalg],
  ["@flambeau/masked", masked],
  ["@flambeau/metrics", metrics],
  ["@flambeau/nn", nn],
  ["@flambeau/ops", ops],
  ["@flambeau/optim", optim],
  ["@flambeau/plot", plot],
  ["@flambeau/progress", progress],
  ["@flambeau/serialization", serialization],
  ["@flambeau/special", special],
  ["@flambeau/summary", summary],
  ["@flambeau/tensor", tensor],
]);

/** @throws Error when no such module is in the page, with what is. */
export function findModule(name: string): Module {
  const found = modules.get(name);
  if (found !== undefined) return found;
  const known = [...modules.keys()].join(", ");
  throw new Error(`"${name}" is not in this page. Cells can import: ${known}`);
}
