import type { Recorded } from "../../../packages/tensor/test/support.ts";
import fixture from "../../fixtures/inits.json" with { type: "json" };

/** A call of a function of nn.init: what it writes and the next numbers of the stream, or the number that it gives. */
export interface InitCase {
  readonly init: string;
  readonly args: readonly unknown[];
  readonly seed?: number;
  readonly out?: Recorded;
  readonly next?: Recorded;
  readonly value?: number;
}

export const initCases = fixture.cases as unknown as readonly InitCase[];
