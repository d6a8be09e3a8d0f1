/** Values with all digits of a double (tools/fixtures/special_values.py), where PyTorch's own have fewer. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tensor } from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/special_values.json" with { type: "json" };
import * as special from "../src/index.ts";

/** Functions with zeros are compared beside their size elsewhere. */
const oscillating = /bessel|airy|digamma|gammaln/;
/** What the exponents, of 600 and more, lose of a double's 16 digits. */
const DIGITS = 2e-13;

type Rows = readonly (readonly (number | string)[])[];
type Double = { readonly dtype: "float64" };
const float64: Double = { dtype: "float64" };

describe("special functions have the digits of a double", () => {
  for (const [name, rows] of Object.entries(fixture as unknown as Record<string, Rows>)) {
    test(name, () => {
      const columns = rows[0].slice(0, -1).map((_, k) =>
        tensor(
          rows.map((row) => Number(row[k])),
          float64,
        ),
      );
      const f = (
        special as unknown as Record<string, (...xs: unknown[]) => { dataSync(): ArrayLike<number> }>
      )[name];
      const got = f(...columns).dataSync();
      rows.forEach((row, i) => {
        const wanted = Number(String(row[row.length - 1]).replace("inf", "Infinity"));
        const size = oscillating.test(name) ? Math.max(Math.abs(wanted), 1e-2) : Math.abs(wanted);
        assert.ok(
          got[i] === wanted || Math.abs(got[i] - wanted) <= DIGITS * size + 1e-300,
          `${name}(${row.slice(0, -1)}) is ${got[i]}, not ${wanted}`,
        );
      });
    });
  }

  test("at special points", () => {
    const value = (x: { itemSync(): unknown }): unknown => x.itemSync();
    assert.equal(value(special.gammaln(tensor(-1, float64))), Infinity);
    assert.equal(value(special.digamma(tensor(0, float64))), -Infinity);
    assert.ok(Number.isNaN(value(special.digamma(tensor(-2, float64)))));
    assert.equal(value(special.polygamma(1, tensor(-3, float64))), Infinity);
    assert.equal(value(special.zeta(1, tensor(3, float64))), Infinity);
    assert.equal(value(special.airyAi(tensor(Infinity, float64))), 0);
    for (const degree of [999, 1000, 2501]) {
      // Recurrences and angles meet.
      const x = tensor([1, -1, 0.3, -0.99, 1.001, -1.001], float64);
      const t = special.chebyshevPolynomialT;
      const product = t(t(x, 1), degree);
      const [double, square] = [t(x, 2 * degree), product.square().mul(2).sub(1)];
      assert.ok(double.allclose(square, { rtol: 1e-9, atol: 1e-9 }), `degree ${degree}`);
    }
  });
});
