/** A file's text, which the bundler takes. */
declare module "*?raw" {
  const text: string;
  export default text;
}
