/** What a cell printed and drew, in order; texts that follow one another are one block. */
import { withBase } from "vitepress";
import { h, type VNode } from "vue";
import type { Output } from "../../notebook/messages.ts";

export function outputView(outputs: readonly Output[], cell: number): VNode[] {
  const nodes: VNode[] = [];
  let lines: Extract<Output, { type: "text" }>[] = [];
  const flush = (): void => {
    if (lines.length > 0) nodes.push(textBlock(lines, cell));
    lines = [];
  };
  for (const output of outputs) {
    if (output.type === "text") lines.push(output);
    else {
      flush();
      nodes.push(figure(output));
    }
  }
  flush();
  return nodes;
}

function textBlock(lines: readonly Extract<Output, { type: "text" }>[], cell: number): VNode {
  // Wide tables scroll in their block, so it takes the focus.
  return h(
    "pre",
    { class: "cell-text", tabindex: 0, role: "region", "aria-label": `Output of cell ${cell}` },
    lines.map(({ text, isWarning }) =>
      isWarning ? h("span", { class: "warning" }, `${text}\n`) : `${text}\n`,
    ),
  );
}

/** As an image: a figure's ids and styles stay its own. */
function figure(output: Exclude<Output, { type: "text" }>): VNode {
  const common = { class: "cell-figure", alt: output.description };
  if (output.type === "figure")
    return h("img", { ...common, src: `data:image/svg+xml,${encodeURIComponent(output.svg)}` });
  const [width, height] = output.size;
  return h("img", { ...common, src: withBase(`/${output.path}`), width, height, loading: "lazy" });
}
