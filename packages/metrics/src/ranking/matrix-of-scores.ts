import { quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Column, checkComparable, classesIn, readClasses } from "../input/classes.ts";
import type { Matrix } from "../input/numbers.ts";
import type { Labels } from "../input/types.ts";

/**
 * The classes that the columns of scores belong to: those that are listed, or all that occur.
 *
 * @throws ValueError for a list that is not sorted, or lacks a class; ShapeError when there are not as many columns.
 */
export function classesOfColumns(
  call: string,
  truth: Column,
  labels: Labels | undefined,
  { columns }: Pick<Matrix, "columns">,
): Column {
  const present = classesIn(truth);
  const listed = labels === undefined ? present : readClasses(call, "labels", labels);
  checkComparable(call, ["labels", "yTrue"], [listed, present]);
  const { values } = listed;
  const sorted = classesIn(listed).values;
  if (sorted.length !== values.length || sorted.some((value, i) => value !== values[i]))
    throw new ValueError(`${call}: labels has each class once, in ascending order`);
  const missing = present.values.find((value) => !values.includes(value));
  if (missing !== undefined)
    throw new ValueError(`${call}: labels lacks the class ${quote(missing)} of yTrue`);
  if (values.length !== columns)
    throw new ShapeError(
      `${call}: scores have a column for each class; got ${columns} columns and ${values.length} classes${labels === undefined ? " (list all as labels where some do not occur)" : ""}`,
    );
  return listed;
}
