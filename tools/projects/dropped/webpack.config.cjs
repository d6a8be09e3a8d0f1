module.exports = {
  mode: "production",
  entry: "./one-layer.js",
  target: "node",
  output: { path: `${__dirname}/webpack` },
  performance: { hints: false },
};
