/** Constraints against PyTorch 1.13 (tools/fixtures/distributions.py). */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { constraints } from "@flambeau/distributions";
import { tensor, zeros } from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/distributions.json" with { type: "json" };

type Named = Record<string, constraints.Constraint>;

describe("constraints are PyTorch's", () => {
  for (const [name, expected] of Object.entries(fixture.constraints)) {
    test(name, () => {
      const constraint = (constraints as unknown as Named)[name];
      assert.equal(String(constraint), expected.text);
      assert.deepEqual(
        [constraint.isDiscrete, constraint.eventDim],
        [expected.isDiscrete, expected.eventDim],
      );
      for (const { input, shape, valid } of expected.checks) {
        const values = input.map((x) => Number(String(x).replace("inf", "Infinity")));
        assert.deepEqual(constraint.check(tensor(values).reshape(shape)).tolist(), valid);
      }
    });
  }

  test("bounds that are given", () => {
    const { greaterThan, halfOpenInterval, integerInterval, interval, lessThan, multinomial } = constraints;
    const x = tensor([0, 1, 2, 2.5]);
    assert.deepEqual(greaterThan(1).check(x).tolist(), [false, false, true, true]);
    assert.deepEqual(lessThan(1).check(x).tolist(), [true, false, false, false]);
    assert.deepEqual(interval(1, tensor(2)).check(x).tolist(), [false, true, true, false]);
    assert.deepEqual(halfOpenInterval(1, 2).check(x).tolist(), [false, true, false, false]);
    assert.deepEqual(integerInterval(1, 3).check(x).tolist(), [false, true, true, false]);
    assert.equal(
      multinomial(3)
        .check(tensor([1, 2]))
        .itemSync(),
      true,
    );
    assert.equal(
      multinomial(2)
        .check(tensor([1, 2]))
        .itemSync(),
      false,
    );
    assert.equal(String(interval(tensor(0), 2)), "Interval(lower_bound=0.0, upper_bound=2.0)");
    assert.equal(String(integerInterval(0, 2)), "IntegerInterval(lower_bound=0, upper_bound=2)");
  });

  test("parts and slices", () => {
    const { cat, positive, real, stack } = constraints;
    const x = tensor([-1, -1, 1]);
    assert.deepEqual(cat([real, positive], 0, [1, 2]).check(x).tolist(), [true, false, true]);
    assert.deepEqual(
      stack([real, positive])
        .check(tensor([-1, -1]))
        .tolist(),
      [true, false],
    );
    assert.throws(() => cat([real], 0, [1, 2]), /1 constraints have 2 lengths/);
  });

  test("what depends on other parameters checks nothing", () => {
    assert.ok(constraints.isDependent(constraints.dependent));
    assert.ok(!constraints.isDependent(constraints.real));
    assert.throws(() => constraints.dependent.check(zeros([1])), /checks nothing/);
    assert.throws(() => constraints.realVector.check(zeros([])), /on 1 dimensions got a value of 0/);
  });
});
