import { quote } from "@flambeau/backend";
import { checkArgument, type FloatArray } from "./check.ts";
import type { Generator } from "./generator.ts";

/**
 * Fills an array with samples of Poisson distributions, one for each rate: `poisson`.
 *
 * Rates below 10 multiply uniform draws; larger ones take Hoermann's transformed rejection (1993).
 * Source: PyTorch 1.13, `sample_poisson` in `aten/src/ATen/native/Distributions.cpp`.
 *
 * @throws ValueError when a rate is negative or nan; nothing is drawn then.
 */
export function poisson(generator: Generator, out: FloatArray, rates: FloatArray): void {
  const wrong = rates.findIndex((rate) => !(rate >= 0));
  checkArgument(wrong < 0, `poisson needs rates >= 0, but got ${quote(rates[wrong])}`);
  for (let i = 0; i < out.length; i++) out[i] = sampleOf(generator, rates[i]);
}

function sampleOf(generator: Generator, rate: number): number {
  if (rate >= 10) return rejected(generator, rate);
  if (rate === 0) return 0;
  const least = Math.exp(-rate);
  let count = -1;
  for (let product = 1; count < 0 || product > least; count++) product *= generator.uniform53();
  return count;
}

function rejected(generator: Generator, rate: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(rate);
  const a = -0.059 + 0.02483 * b;
  const logInverseAlpha = Math.log(1.1239 + 1.1328 / (b - 3.4));
  const within = 0.9277 - 3.6224 / (b - 2);
  const logRate = Math.log(rate);
  for (;;) {
    const u = generator.uniform53() - 0.5;
    const v = generator.uniform53();
    const side = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / side + b) * u + rate + 0.43);
    if (side >= 0.07 && v <= within) return k;
    if (k < 0 || (side < 0.013 && v > side)) continue;
    const height = Math.log(v) + logInverseAlpha - Math.log(a / (side * side) + b);
    if (height <= -rate + k * logRate - logFactorial(k)) return k;
  }
}

/** `log(k!)`: a product of few factors, Stirling's series for more. */
function logFactorial(k: number): number {
  if (k < 16) {
    let product = 1;
    for (let i = 2; i <= k; i++) product *= i;
    return Math.log(product);
  }
  const x = k + 1;
  const r = 1 / (x * x);
  const series = (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r / 1188)))) / x;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series;
}
