import * as autograd from "@flambeau/autograd";
import * as linalg from "@flambeau/linalg";
import * as masked from "@flambeau/masked";
import * as nn from "@flambeau/nn";
import * as ops from "@flambeau/ops";
import * as special from "@flambeau/special";
import * as tensor from "@flambeau/tensor";
import { foreign, type Target, targetOf } from "../../src/code/calls/namespaces.ts";
import { snakeCase } from "../../src/code/python/names.ts";

/** A callable of the library. */
export interface Callable {
  readonly signature: string;
  /** What it is in PyTorch. */
  readonly target: Target | undefined;
  /** Whether it is among what PyTorch does not have. */
  readonly isForeign: boolean;
  /** The parameters that may be left out, as Python names them. */
  readonly params: readonly string[];
}

const { functional, utils } = nn;
const namespaces: Readonly<Record<string, object>> = {
  F: functional,
  linalg,
  masked,
  special,
  rnn: utils.rnn,
  torch: { ...tensor, ...ops, ...autograd },
};

/** All callables, each signature once. */
export function callables(): Callable[] {
  const found = new Map<string, Callable>();
  const add = (path: string, name: string, value: unknown): void => {
    if (typeof value !== "function") return;
    for (const { signature } of tensor.formsOf(value) ?? []) {
      const isForeign = foreign.has(name) || foreign.has(`${path}.${name}`);
      const optional = tensor.schemaOf(signature).params.filter((param) => param.optional);
      const params = optional.map((param) =>
        /^[A-Z_]+$/.test(param.name) ? param.name : snakeCase(param.name),
      );
      const known = found.get(signature);
      found.set(signature, {
        signature,
        target: targetOf(signature),
        isForeign: isForeign && known?.isForeign !== false,
        params,
      });
    }
  };
  const { prototype } = tensor.Tensor;
  for (const name of Object.getOwnPropertyNames(prototype))
    add("method", name, Object.getOwnPropertyDescriptor(prototype, name)?.value);
  for (const [path, members] of Object.entries(namespaces))
    for (const [name, value] of Object.entries(members)) add(path, name, value);
  return [...found.values()];
}
