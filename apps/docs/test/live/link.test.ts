import assert from "node:assert/strict";
import { test } from "node:test";
import { linkOf, readLink, type Shared } from "../../live/link.ts";
import { sliders } from "../../live/moons/sliders.ts";
import { initialSettings, nearest } from "../../live/slider.ts";

const usual: Shared = { settings: initialSettings(sliders), device: "cpu", length: 2000 };

test("a link carries what is not as usual, and gives it back", () => {
  const shared: Shared = {
    settings: { ...usual.settings, width: 64, lr: 0.001, noise: 0 },
    device: "webgpu",
    length: 40,
  };
  const link = linkOf(shared, usual);
  assert.equal(link, "#live=width:64,lr:0.001,noise:0,device:webgpu,steps:40");
  assert.deepEqual(readLink(link, sliders, usual), shared);
  assert.deepEqual(readLink(encodeURI(link).replaceAll(":", "%3A"), sliders, usual), shared);
  assert.equal(linkOf(usual, usual), "");
});

test("what a link has wrong is as usual, and numbers between values are the nearest value", () => {
  for (const hash of ["", "#why", "#code=abc", "#live=", "#live=lr,lr:,lr:x,depth:3", "#live=%E0%A4%A"])
    assert.deepEqual(readLink(hash, sliders, usual), usual, hash);
  for (const steps of ["0", "-1", "1.5", "1e9", "NaN", "Infinity"])
    assert.equal(readLink(`#live=steps:${steps}`, sliders, usual).length, 2000, steps);
  assert.equal(readLink("#live=device:tpu", sliders, usual).device, "cpu");
  assert.equal(readLink("#live=width:50", sliders, usual).settings.width, 64);
  assert.equal(readLink("#live=width:1e9", sliders, usual).settings.width, 128);
});

test("every slider begins at one of its values, which ascend", () => {
  for (const { name, values, initial } of sliders) {
    assert.ok(values.includes(initial), name);
    assert.deepEqual(
      [...values].sort((a, b) => a - b),
      values,
    );
    for (const [at, value] of values.entries()) assert.equal(nearest(values, value), at);
  }
});
