import type { ProfileEvent } from "./event.ts";

/** All runs of an op in a {@link Profile}: PyTorch's `FunctionEventAvg`, with its names. */
export interface ProfileAverage {
  /** The name of the events. */
  readonly key: string;
  /** The shapes of the operands, where they tell averages apart; else null. */
  readonly inputShapes: ProfileEvent["inputShapes"];
  /** How many runs there were. */
  readonly count: number;
  /** Microseconds of the host, with what ran within. */
  readonly cpuTimeTotal: number;
  /** The same of one run, on average. */
  readonly cpuTime: number;
  /** Microseconds of the host, without what ran within. */
  readonly selfCpuTimeTotal: number;
  /** Bytes that were given to results, without those of what ran within; on whichever device. */
  readonly selfMemoryUsage: number;
}

/** The events of one name, in the order of the first of each; apart by input shapes if these are wanted. */
export function averagesOf(events: readonly ProfileEvent[], groupByInputShape: boolean): ProfileAverage[] {
  const groups = new Map<string, ProfileEvent[]>();
  for (const event of events) {
    const key = groupByInputShape ? `${event.name} ${JSON.stringify(event.inputShapes)}` : event.name;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [event]);
    else group.push(event);
  }
  return Array.from(groups.values(), (group) => {
    const total = (of: (event: ProfileEvent) => number): number =>
      group.reduce((sum, event) => sum + of(event), 0);
    const cpuTimeTotal = total((event) => event.duration);
    return {
      key: group[0].name,
      inputShapes: groupByInputShape ? group[0].inputShapes : null,
      count: group.length,
      cpuTimeTotal,
      cpuTime: cpuTimeTotal / group.length,
      selfCpuTimeTotal: total((event) => event.selfDuration),
      selfMemoryUsage: total((event) => event.selfBytes),
    };
  });
}
