/** What the summary takes: by position, by name, and what it refuses. */
import { describe } from "node:test";
import * as nn from "@flambeau/nn";
import * as all from "@flambeau/summary";
import { manualSeed } from "@flambeau/tensor";
import { called, describeArguments } from "../../../tests/src/arguments.ts";

describe("summary", () =>
  describeArguments(
    all,
    {
      summary: {
        run: (...args) => {
          manualSeed(1);
          return String(called(all.summary)(...args));
        },
        positional: () => ({ model: new nn.Sequential(new nn.Linear(2, 1)), inputData: [[2]] }),
        named: () => ({
          ...{ batchDim: 0, branching: false, colNames: ["num_params"], colWidth: 20, depth: 2 },
          ...{ dtypes: ["float32"], verbose: 2, args: [] },
        }),
        required: ["model"],
      },
      profile: {
        run: async (...args) => (await (called(all.profile)(...args) as Promise<all.Profile>)).events.length,
        positional: () => ({ body: () => undefined }),
        named: () => ({ recordShapes: true, withModules: true, clock: () => 0 }),
        required: ["body"],
      },
    },
    // Results.
    ["ModelStatistics", "Profile"],
  ));
