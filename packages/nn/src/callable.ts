import { markClass } from "@flambeau/backend";
import { COPY } from "./copy.ts";

/**
 * An object that can be called: `new Subclass()` is a function whose prototype is the subclass's, so that fields,
 * methods, getters and `instanceof` work as on any object.
 *
 * JavaScript lets a constructor return another object in place of `this`; every subclass's fields then land on it. A
 * function's own `name` and `length` go, so that modules can have fields and getters of these names.
 */
export abstract class Callable {
  /** @param run - what a call does, given the object called and the arguments. */
  constructor(run: (self: never, args: unknown[]) => unknown) {
    const self = (...args: unknown[]): unknown => run(self as never, args);
    Reflect.deleteProperty(self, "name");
    Reflect.deleteProperty(self, "length");
    Object.setPrototypeOf(self, new.target.prototype);
    // biome-ignore lint/correctness/noConstructorReturn: this is the one way to make instances callable without eval or a Proxy
    return self as unknown as this;
  }
}
markClass(Callable.prototype, "Module", COPY);
