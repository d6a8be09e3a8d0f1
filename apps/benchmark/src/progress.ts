/** What is being done, on one line that is written over and over on a terminal, and a line for each work elsewhere. */
export interface Progress {
  say(text: string): void;
  /** Ends a piece of work. */
  done(text: string): void;
}

export function progressLine(stream: {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}): Progress {
  if (!stream.isTTY) return { say: () => {}, done: (text) => stream.write(`${text}\n`) };
  const show = (text: string): unknown =>
    stream.write(`\r\u001b[K${text.slice(0, (stream.columns ?? 80) - 1)}`);
  return { say: show, done: () => show("") };
}
