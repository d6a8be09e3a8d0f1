/** The whole of model.py. */

import type { Module } from "@flambeau/nn";
import type { Tensor } from "@flambeau/tensor";
import { Helpers, helperLines } from "./helpers.ts";
import type { EmittedModel } from "./index.ts";
import { lossLines } from "./loss.ts";
import { isOwnClass } from "./modules/class-of.ts";
import { atom } from "./python/tree.ts";
import { classLines } from "./render.ts";
import { buildLines, sharedLine } from "./structure/build.ts";
import { Classes } from "./structure/classes.ts";
import { stateOf } from "./structure/fields.ts";
import { Held } from "./structure/held.ts";
import { sharedIn } from "./structure/shared.ts";
import { type Loss, traceWhole } from "./structure/traced.ts";

/** See `emitModel`. */
export function emitFile(
  model: Module,
  loss: Loss,
  inputs: readonly unknown[],
  rest: readonly Tensor[] | undefined,
): EmittedModel {
  const traced = traceWhole(model, loss, inputs, rest);
  const helpers = new Helpers();
  const held = new Held();
  const { detached } = traced;
  const isClass = isOwnClass(model);
  const ofSelf = isClass ? sharedIn(model, atom("self")) : [];
  const classes = new Classes(model, traced, {
    helper: (name) => helpers.need(name),
    hold: (module, tensor, hint) => held.hold(module, tensor, hint),
    held: (module) => held.of(module),
    detached,
    tied: (module) => (module === model ? ofSelf.map(sharedLine) : []),
  });
  const lossFn = lossLines(traced, loss, { helper: (name) => helpers.need(name), detached });
  const blocks = [
    ...helperLines(helpers),
    ...classes.list.map(classLines),
    buildLines(model, classes, isClass ? [] : sharedIn(model, atom("model"))),
    lossFn,
  ];
  const body = blocks.map((lines) => lines.join("\n")).join("\n\n\n");
  const imports = ["import torch"];
  if (/\bmath\./.test(body)) imports.unshift("import math", "");
  if (/\bF\./.test(body)) imports.push("import torch.nn.functional as F");
  imports.push("from torch import nn");
  const source = `"""The model and its loss."""\n${imports.join("\n")}\n\n\n${body}\n`;
  const state = stateOf(model);
  const tensors = new Map(state.map(({ python, tensor }) => [python, tensor]));
  for (const [key, tensor] of held.state(model)) tensors.set(key, tensor);
  const own = new Set(Object.keys(model.stateDict()));
  const keys = new Map(state.filter(({ key }) => own.has(key)).map(({ python, key }) => [key, python]));
  return { source, tensors, keys, random: traced.draws };
}
