/** What the readers and writers take: by position, by name, and what they refuse. */
import { describe } from "node:test";
import { Tensor, tensor } from "@flambeau/tensor";
import { called, describeArguments } from "../../../tests/src/arguments.ts";
import * as serialization from "../src/index.ts";
import { ggufFile } from "./gguf-file.ts";

const tensors = () => ({ a: tensor([1, 2]), b: tensor([3n]) });
const safetensors = await serialization.saveSafetensors(tensors());
const npz = await serialization.saveNpz(tensors());
const pt = await serialization.savePt(tensors());
const gguf = ggufFile([
  { name: "a", type: 0, dims: [2], bytes: new Uint8Array(new Float32Array([1, 2]).buffer) },
]);
const placed = () => ({ device: "cpu", dtype: "float64" });

/** Something that can be compared: the dtypes and elements of tensors by name. */
function shown(loaded: unknown): unknown {
  return Object.entries(loaded as object).map(([name, x]) => [
    name,
    x instanceof Tensor ? [x.dtype, String(x)] : x,
  ]);
}

describe("serialization", () =>
  describeArguments(
    serialization,
    {
      loadSafetensors: {
        run: (...args) => shown(called(serialization.loadSafetensors)(...args)),
        positional: () => ({ bytes: safetensors }),
        named: placed,
        required: ["bytes"],
      },
      loadNpz: {
        run: (...args) => shown(called(serialization.loadNpz)(...args)),
        positional: () => ({ bytes: npz }),
        named: () => ({ ...placed(), maxBytes: 1000 }),
        required: ["bytes"],
      },
      loadPt: {
        run: (...args) => shown(called(serialization.loadPt)(...args)),
        positional: () => ({ bytes: pt }),
        named: () => ({ ...placed(), maxBytes: 1000 }),
        required: ["bytes"],
      },
      loadGguf: {
        run: (...args) => shown(called(serialization.loadGguf)(...args)),
        positional: () => ({ bytes: gguf }),
        named: placed,
        required: ["bytes"],
      },
      openGguf: {
        run: async (...args) => {
          const file = await called<Promise<serialization.GgufFile>>(serialization.openGguf)(...args);
          return shown({ a: await file.getTensor("a") });
        },
        positional: () => ({ source: gguf }),
        named: placed,
        required: ["source"],
      },
      safeOpen: {
        run: async (...args) => {
          const file = await called<Promise<serialization.TensorFile>>(serialization.safeOpen)(...args);
          return shown({ a: await file.getTensor("a") });
        },
        positional: () => ({ source: safetensors }),
        named: placed,
        required: ["source"],
      },
      openSharded: {
        run: async (...args) => {
          const file = called<serialization.ShardedFile>(serialization.openSharded)(...args);
          return shown({ a: await file.getTensor("a") });
        },
        positional: () => ({ index: { weight_map: { a: "file" } }, open: () => safetensors }),
        named: placed,
        required: ["index", "open"],
      },
    },
    // The first argument of those that write is an object of the user's names.
    ["FormatError", "UnpicklingError", "saveSafetensors", "savePt", "saveNpz", "ptParts", "safetensorsParts"],
  ));
