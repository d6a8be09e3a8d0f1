import { FlambeauError } from "@flambeau/backend";
import { FileError } from "../errors.ts";

/** Runs a reader; its errors name the file that is read. */
export async function located<T>(name: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof FlambeauError && !(error instanceof FileError) && !error.message.startsWith(name)) {
      const { message, stack } = error;
      error.message = `${name}: ${message}`;
      // Engines write the message into the stack when the error is made.
      if (typeof stack === "string") error.stack = stack.replace(message, () => error.message);
    }
    throw error;
  }
}
