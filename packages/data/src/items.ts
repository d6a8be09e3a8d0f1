import { isThenable } from "@flambeau/backend";

/**
 * The items that `get` gives for indices. When one throws, the promises before it are let go: nobody awaits them any more,
 * and one that rejects later must not end the program.
 */
export function itemsAt<T>(indices: readonly number[], get: (index: number) => T): T[] {
  const items: T[] = [];
  try {
    for (const index of indices) items.push(get(index));
  } catch (error) {
    letGo(items);
    throw error;
  }
  return items;
}

/** Takes the rejections of promises that nobody is going to await. */
export function letGo(items: readonly unknown[]): void {
  for (const item of items) {
    if (isThenable(item))
      item.then(
        () => {},
        () => {},
      );
  }
}

/** What a function makes of items, or a promise of it where an item is one. */
export function collateItems<T, B>(items: T[], collate: (items: Awaited<T>[]) => B): B | Promise<B> {
  if (items.some(isThenable)) return Promise.all(items).then(collate);
  return collate(items as Awaited<T>[]);
}

/** The same of one item. */
export function passItem<T, B>(item: T, pass: (item: Awaited<T>) => B): B | Promise<B> {
  return isThenable(item) ? Promise.resolve(item).then(pass) : pass(item as Awaited<T>);
}
