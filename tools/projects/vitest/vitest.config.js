export default { test: { include: ["tensors.test.js", "diff.test.js"], reporters: ["verbose"] } };
