/** A mean in which later numbers count more, and the first ones are not held down by the zero it starts from. */
export class MovingAverage {
  readonly #smoothing: number;
  #last = 0;
  #count = 0;

  constructor(smoothing: number) {
    this.#smoothing = smoothing;
  }

  add(value: number): void {
    this.#last = this.#smoothing * value + (1 - this.#smoothing) * this.#last;
    this.#count++;
  }

  /** 0 before the first number. */
  get value(): number {
    return this.#count === 0 ? 0 : this.#last / (1 - (1 - this.#smoothing) ** this.#count);
  }
}
