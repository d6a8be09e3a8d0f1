import { programs } from "../../apps/docs/build/programs.ts";

export default {
  watch: ["../../examples/*/{main.ts,main.py,README.md}"],
  paths: () => programs().map(({ name, content }) => ({ params: { program: name }, content })),
};
