/** What a cell printed and drew, in order; texts that follow one another are one block. */
import { withBase } from "vitepress";
import {
  defineComponent,
  h,
  onBeforeUpdate,
  onMounted,
  onUpdated,
  type PropType,
  ref,
  type VNode,
} from "vue";
import type { Output } from "../../notebook/messages.ts";

export interface ShownOutputs {
  readonly outputs: readonly Output[];
  /** How many came before these. */
  readonly dropped: number;
}

type Text = Extract<Output, { type: "text" }>;
type Figure = Exclude<Output, Text>;

/** The outputs of a run are shown from their end, recorded ones from their start. */
export function outputNodes({ outputs, dropped }: ShownOutputs, cell: number, isRun: boolean): VNode[] {
  const nodes: VNode[] = [];
  if (dropped > 0) {
    const what = `${dropped.toLocaleString("en")} earlier outputs are not shown: the newest ${outputs.length.toLocaleString("en")} are.`;
    nodes.push(h("p", { class: "cell-note" }, what));
  }
  let lines: Text[] = [];
  const flush = (): void => {
    if (lines.length > 0) nodes.push(h(TextBlock, { pieces: pieces(lines), cell, startsAtEnd: isRun }));
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

interface Piece {
  readonly text: string;
  readonly isWarning: boolean;
}

/** Lines of one kind that follow one another are one text node. */
function pieces(lines: readonly Text[]): Piece[] {
  const found: { texts: string[]; isWarning: boolean }[] = [];
  for (const { text, isWarning = false } of lines) {
    if (found.at(-1)?.isWarning !== isWarning) found.push({ texts: [], isWarning });
    found.at(-1)?.texts.push(text);
  }
  return found.map(({ texts, isWarning }) => ({ text: `${texts.join("\n")}\n`, isWarning }));
}

/**
 * Text that scrolls, and follows its end as long as the end is in sight. A run's first text is more than fits where the
 * page was busy or the run fast, so it starts at its end.
 */
const TextBlock = defineComponent({
  props: {
    pieces: { type: Array as PropType<readonly Piece[]>, required: true },
    cell: { type: Number, required: true },
    startsAtEnd: { type: Boolean, required: true },
  },
  setup(props) {
    const block = ref<HTMLElement>();
    let isAtEnd = true;
    onBeforeUpdate(() => {
      const { scrollTop = 0, clientHeight = 0, scrollHeight = 0 } = block.value ?? {};
      isAtEnd = scrollTop + clientHeight > scrollHeight - 8;
    });
    const toEnd = (): void => {
      if (block.value !== undefined) block.value.scrollTop = block.value.scrollHeight;
    };
    onMounted(() => {
      if (props.startsAtEnd) toEnd();
    });
    onUpdated(() => {
      if (isAtEnd) toEnd();
    });
    const label = `Output of cell ${props.cell}`;
    // Wide tables scroll in their block, so it takes the focus.
    return () =>
      h(
        "pre",
        { ref: block, class: "cell-text", tabindex: 0, role: "region", "aria-label": label },
        props.pieces.map(({ text, isWarning }) => (isWarning ? h("span", { class: "warning" }, text) : text)),
      );
  },
});

/** Of the size that a figure is drawn for, so small that its text can just be read: 9 px of 12. */
const LEAST = 0.75;

/** As an image: a figure's ids and styles stay its own. One that is wider than the page scrolls. */
function figure(output: Figure): VNode {
  const [width, height] = output.type === "file" ? output.size : sizeOf(output.svg);
  const src =
    output.type === "file"
      ? withBase(`/${output.path}`)
      : `data:image/svg+xml,${encodeURIComponent(output.svg)}`;
  const style = { minWidth: `${Math.round(width * LEAST)}px` };
  const image = { class: "cell-figure", alt: output.description, src, width, height, style };
  return h("div", { class: "cell-drawing", tabindex: 0, role: "group", "aria-label": output.description }, [
    h("img", output.type === "file" ? { ...image, loading: "lazy" } : image),
  ]);
}

function sizeOf(svg: string): [width: number, height: number] {
  const side = (name: string): number =>
    Number(new RegExp(`^<svg[^>]* ${name}="([\\d.]+)`).exec(svg)?.[1] ?? 0);
  return [side("width"), side("height")];
}
