/**
 * What a piece of work is: inputs that all libraries share, and each library's way to do it.
 *
 * @module
 */
import type { Inputs, NdArray } from "./arrays.ts";
import type { LibraryId } from "./libraries.ts";
import type { Flambeau } from "./peers/flambeau.ts";
import type { Jax } from "./peers/jax.ts";
import type { Tfjs } from "./peers/tfjs.ts";

/** One library's prepared work. */
export interface Body {
  /** Does the work once. */
  readonly run: () => unknown;
  /** Where not all of `run` is timed: runs it and gives the milliseconds of what is. */
  readonly time?: () => Promise<number>;
  /**
   * Waits until the device has done all that was run: once, at the end of a round, and part of its time. Without it
   * `run` itself waits.
   */
  readonly finish?: () => Promise<unknown>;
  /** What the work computes, by name: compared between the libraries before anything is timed. */
  readonly results: () => Record<string, NdArray> | Promise<Record<string, NdArray>>;
}

/** How a library does the work, or the reason why it cannot. */
export type Implementation<Api> = ((api: Api, inputs: Inputs) => Body | Promise<Body>) | string;

/** What a file of `works/*.py` is told: the work's sizes. */
export type TorchArguments = Readonly<Record<string, number | string | boolean | readonly number[]>>;

/** Work that is timed in every library's own process. */
export interface Work {
  /** `kind/size`: what `--filter` sees. */
  readonly id: string;
  readonly title: string;
  /** Part of the `--quick` subset. */
  readonly quick?: boolean;
  /** Also done on a GPU, with `--device webgpu`. */
  readonly gpu?: boolean;
  /** How many steps one call does; times are a step's. Default 1. */
  readonly stepsPerCall?: number;
  /** Floating-point operations of a step, where the table should tell GFLOP/s. */
  readonly flop?: number;
  /** The curve this is a point of, on the chart of time against size. */
  readonly growth?: { readonly panel: GrowthPanel; readonly curve: string; readonly size: number };
  /** How far results may lie apart, as the norm of the difference over the norm. Default 1e-5. */
  readonly tolerance?: number;
  readonly inputs: () => Inputs | Promise<Inputs>;
  readonly flambeau: Implementation<Flambeau>;
  readonly jax: Implementation<Jax>;
  readonly tfjs: Implementation<Tfjs>;
  /** The function `build` of which file in `works`, and its arguments. */
  readonly torch: { readonly file: string; readonly arguments: TorchArguments };
}

/** What is measured from outside of the libraries' processes. */
export interface Probe {
  readonly id: string;
  readonly title: string;
  readonly unit: "ms" | "kB";
  readonly quick?: boolean;
  /** Whether the figure is the same each time, so that one look is enough. */
  readonly exact?: boolean;
  /** What this library needs before it is measured. */
  readonly prepare?: () => void | Promise<void>;
  readonly measure: Readonly<Partial<Record<LibraryId, (() => Promise<number>) | string>>>;
}

export type GrowthPanel = "matmul" | "elementwise" | "step";
