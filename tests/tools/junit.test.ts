import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseReport } from "../../tools/testing/junit.ts";

// As the runners wrote them, shortened: one test passes, one fails, one is skipped, inside "outer" and "inner".
const node = `<testsuites>
	<testsuite name="outer" tests="1"><testsuite name="inner" tests="3">
		<testcase name="passes" time="0.01" classname="outer.inner" file="/a.test.ts"/>
		<testcase name="skips" time="0" classname="outer.inner"><skipped type="skipped" message="no adapter"/></testcase>
		<testcase name="fails" time="0" classname="outer.inner" failure="1 > 2&#10;">
			<failure type="testCodeFailure" message="x">at TestContext.&lt;anonymous> (file:///a.test.ts:1:1)</failure>
		</testcase>
	</testsuite></testsuite>
</testsuites>`;

const bun = `<testsuites name="bun test"><testsuite name="a.test.ts"><testsuite name="outer"><testsuite name="inner">
  <testcase name="passes" classname="inner &gt; outer" time="0.01" assertions="0" />
  <testcase name="skips" classname="inner &gt; outer" time="0"><skipped /></testcase>
  <testcase name="fails" classname="inner &gt; outer" time="0"><failure type="AssertionError">1</failure></testcase>
</testsuite></testsuite></testsuite></testsuites>`;

const deno = `<testsuites name="deno test"><testsuite name="./a.test.ts">
  <testcase name="outer" classname="./a.test.ts" time="0.03" line="1" col="1"><failure message="1 test step failed">1</failure></testcase>
</testsuite><testsuite name="ext:deno_node/testing.ts">
  <testcase name="outer &gt; inner" time="0"><failure message="1 test step failed">1</failure></testcase>
  <testcase name="outer &gt; inner &gt; passes" time="0">
  </testcase>
  <testcase name="outer &gt; inner &gt; skips" time="0"><skipped/></testcase>
  <testcase name="outer &gt; inner &gt; fails" time="0"><failure message="1 &gt; 2">1</failure></testcase>
</testsuite></testsuites>`;

describe("the tally of a JUnit report", () => {
  for (const [runner, xml] of Object.entries({ node, bun, deno })) {
    test(`counts tests, and no suites, in what ${runner} writes`, () => {
      const { passed, failed, skipped } = parseReport(xml);
      assert.deepEqual({ passed, failed, skipped: skipped.length }, { passed: 1, failed: 1, skipped: 1 });
    });
  }

  test("is of zero tests for a report that was never written", () => {
    assert.deepEqual(parseReport(""), { passed: 0, failed: 0, skipped: [], empty: [] });
  });

  test("names a file that holds no test, which Node reports as one that passed", () => {
    const report = parseReport(
      '<testcase name="/a/b.test.ts" time="0" classname="test" file="/a/b.test.ts"/>',
    );
    assert.deepEqual(report, { passed: 0, failed: 0, skipped: [], empty: ["/a/b.test.ts"] });
  });
});
