/** Where .vitepress/language-worker.ts puts the worker. */
declare module "virtual:language-worker" {
  const url: string;
  export default url;
}
