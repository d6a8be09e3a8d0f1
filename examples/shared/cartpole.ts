/** A pole on a cart, which is pushed to the left or to the right: Gym's CartPole-v1, after Barto, Sutton and Anderson (1983). */
import { rand } from "flambeau";

const gravity = 9.8;
const massCart = 1;
const massPole = 0.1;
const totalMass = massPole + massCart;
/** Half of the pole's. */
const length = 0.5;
const poleMassLength = massPole * length;
const forceMag = 10;
/** Seconds between states. */
const tau = 0.02;
const thetaThreshold = (12 * 2 * Math.PI) / 360;
const xThreshold = 2.4;
const maxSteps = 500;

/** Where the cart is, its velocity, the pole's angle and its angular velocity. */
export type State = [x: number, xDot: number, theta: number, thetaDot: number];

export interface Step {
  readonly state: State;
  readonly reward: number;
  /** The pole fell, or the cart left the track. */
  readonly terminated: boolean;
  /** It stood for 500 steps. */
  readonly truncated: boolean;
}

export class CartPole {
  #state: State = [0, 0, 0, 0];
  #steps = 0;

  /** Starts an episode, near the middle and nearly upright, from the default generator. */
  reset(): State {
    const start = rand([4], { dtype: "float64" }).mul(0.1).sub(0.05);
    this.#state = start.tolist() as State;
    this.#steps = 0;
    return this.#state;
  }

  /** Pushes to the left (0) or to the right (1). */
  step(action: number): Step {
    let [x, xDot, theta, thetaDot] = this.#state;
    const force = action === 1 ? forceMag : -forceMag;
    const cosTheta = Math.cos(theta);
    const sinTheta = Math.sin(theta);
    const temp = (force + poleMassLength * thetaDot * thetaDot * sinTheta) / totalMass;
    const thetaAcc =
      (gravity * sinTheta - cosTheta * temp) /
      (length * (4 / 3 - (massPole * cosTheta * cosTheta) / totalMass));
    const xAcc = temp - (poleMassLength * thetaAcc * cosTheta) / totalMass;
    x += tau * xDot;
    xDot += tau * xAcc;
    theta += tau * thetaDot;
    thetaDot += tau * thetaAcc;
    this.#state = [x, xDot, theta, thetaDot];
    this.#steps++;
    const terminated = Math.abs(x) > xThreshold || Math.abs(theta) > thetaThreshold;
    return { state: this.#state, reward: 1, terminated, truncated: this.#steps >= maxSteps };
  }
}
