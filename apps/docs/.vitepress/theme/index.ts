import "katex/dist/katex.min.css";
import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import { NotebookBar } from "./NotebookBar.ts";
import { RunCell } from "./RunCell.ts";
import "./style.css";

const theme: Theme = {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component("RunCell", RunCell);
    app.component("NotebookBar", NotebookBar);
  },
};
export default theme;
