// What Jest does by default: `require`, in its own module system.
test("is required", () => {
  require("flambeau");
});
