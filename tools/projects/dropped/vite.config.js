export default {
  logLevel: "warn",
  build: {
    outDir: "vite",
    lib: { entry: "one-layer.js", formats: ["es"], fileName: () => "one-layer.js" },
  },
};
