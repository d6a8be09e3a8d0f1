import "katex/dist/katex.min.css";
import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import { LiveDigits } from "../../live/digits/LiveDigits.ts";
import { LiveGpt } from "../../live/gpt/LiveGpt.ts";
import { LiveMoons } from "../../live/moons/LiveMoons.ts";
import "../../live/style.css";
import { NotebookBar } from "./NotebookBar.ts";
import { RunCell } from "./RunCell.ts";
import "./style.css";

const theme: Theme = {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component("RunCell", RunCell);
    app.component("NotebookBar", NotebookBar);
    app.component("LiveMoons", LiveMoons);
    app.component("LiveDigits", LiveDigits);
    app.component("LiveGpt", LiveGpt);
  },
};
export default theme;
