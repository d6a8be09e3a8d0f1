import * as nn from "@flambeau/nn";

const library = new Map<unknown, string>(
  Object.entries(nn).flatMap(([name, value]) =>
    typeof value === "function" ? [[value, name] as const] : [],
  ),
);

/**
 * The class of the library of which a module is: its own, or that of which the user made one without a `forward` of its own. "Module" for
 * a class of the user.
 */
export function classOf(module: nn.Module): string {
  let prototype: object = Object.getPrototypeOf(module);
  for (;;) {
    const name = library.get(prototype.constructor);
    // The projection of attention is a class of its own there, and a linear layer.
    if (name !== undefined) return name;
    if (Object.hasOwn(prototype, "forward")) return "Module";
    prototype = Object.getPrototypeOf(prototype);
  }
}

/** Whether a module's code is the user's, so that it becomes a class. */
export function isOwnClass(module: nn.Module): boolean {
  return classOf(module) === "Module";
}
