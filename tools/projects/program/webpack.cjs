// What webpack's own command does, without a package for it.
const webpack = require("webpack");

webpack(require(process.argv[2] ?? "./webpack.config.cjs"), (error, stats) => {
  const problems = error ? [error] : stats.toJson({ all: false, errors: true, warnings: true }).errors;
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
});
