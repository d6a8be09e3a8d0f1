/** A style sheet, which the bundler takes. */
declare module "*.css";
