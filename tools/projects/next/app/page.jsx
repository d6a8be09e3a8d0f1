import { run } from "../program.js";

// A server component, for each request anew.
export const dynamic = "force-dynamic";

export default async function Page() {
  const lines = [];
  await run((line) => lines.push(line));
  return <pre>{lines.join("\n")}</pre>;
}
