module.exports = {
  mode: "production",
  entry: "./page.js",
  output: { path: `${__dirname}/out` },
  performance: { hints: false },
  optimization: { minimizeOptions: { javascript: { keep_classnames: true } } },
};
