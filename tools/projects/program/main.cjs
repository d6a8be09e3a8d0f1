// The same from CommonJS.
const { run } = require("./program.js");

run(console.log);
