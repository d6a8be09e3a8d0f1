/** Random objects as programs save them: collections in one another, numbers of all kinds, tensors and views of them. */
import type { DType } from "@flambeau/backend";
import { Parameter } from "@flambeau/nn";
import { randn, type Tensor } from "@flambeau/tensor";

const DTYPES: readonly DType[] = ["float32", "float64", "int64", "int32", "uint8", "bool"];

const below = (n: number): number => Math.floor(Math.random() * n);
const pick = <T>(items: readonly T[]): T => items[below(items.length)];
const several = <T>(make: (i: number) => T): T[] => Array.from({ length: below(5) }, (_, i) => make(i));

/** Draws with `Math.random`; tensors of one object may be views of each other. */
export class Objects {
  readonly #tensors: Tensor[] = [];

  value(depth: number): unknown {
    switch (below(depth > 0 ? 13 : 8)) {
      case 0:
        return pick([null, true, false]);
      case 1:
        return pick([below(600) - 300, below(2 ** 31) * 2 ** 20, BigInt(below(2 ** 31)) ** 4n, -(2n ** 63n)]);
      case 2:
        return pick([Math.random(), -0, 10 ** (600 * Math.random() - 300), Infinity, 2 ** 60, Number.NaN]);
      case 3:
        return several(() => pick([..."abé\u{1f525} 0\n_"])).join("");
      case 4:
        return Uint8Array.from({ length: below(12) }, () => below(256));
      case 5:
      case 6:
      case 7:
        return this.#tensor();
      case 8:
        return new Set(several((i) => pick([i, `k${i}`])));
      case 9:
      case 10:
        return several(() => this.value(depth - 1));
      default:
        return this.#dictionary(depth - 1);
    }
  }

  #dictionary(depth: number): unknown {
    const names = [
      (i: number) => `layer${i}.weight`,
      (i: number) => String(i),
      (i: number) => pick([-i - 1, i + 0.5, `${i}`]),
      (i: number) => [i, ["x", null]],
    ];
    const kind = below(names.length);
    const entries = several((i): [unknown, unknown] => [names[kind](i), this.value(depth)]);
    return kind < 2 ? Object.fromEntries(entries as [string, unknown][]) : new Map(entries);
  }

  #tensor(): Tensor {
    if (this.#tensors.length > 0 && Math.random() < 0.4) return this.#view(pick(this.#tensors));
    const shape = Array.from({ length: below(4) }, () => below(4));
    const x = randn(shape).mul(10).to(pick(DTYPES));
    const made =
      x.dtype.startsWith("float") && Math.random() < 0.3
        ? new Parameter(x, { requiresGrad: Math.random() < 0.7 })
        : x;
    this.#tensors.push(made);
    return made;
  }

  #view(given: Tensor): Tensor {
    const x = given.detach();
    if (x.ndim === 0 || Math.random() < 0.3) return given;
    return pick([
      () => x.transpose(0, -1),
      () => (x.shape[0] > 0 ? x.at(`${below(x.shape[0])}:`) : x),
      () => x.unsqueeze(0).expand([3, ...x.shape]),
    ])();
  }
}
