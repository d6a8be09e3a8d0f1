// Runs the program in a worker of the user's own.
const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
worker.onmessage = ({ data }) => {
  document.querySelector("pre").textContent = data;
};
