import { programs } from "../../apps/docs/build/programs.ts";

export default {
  watch: ["../../examples/*/README.md"],
  load: () => programs().map(({ name, title }) => ({ name, title })),
};
