/**
 * A cell of the page. Until its editor is there (and without JavaScript) it is the highlighted block that the page was
 * built with, and its output is the one that was recorded.
 */
import { useRoute } from "vitepress";
import {
  computed,
  defineComponent,
  h,
  onBeforeUnmount,
  onMounted,
  ref,
  shallowRef,
  type VNode,
  watch,
} from "vue";
import type { Output } from "../../notebook/messages.ts";
import type { Cell, Notebook } from "../../notebook/notebook.ts";
import type { OutputLog } from "../../notebook/output-log.ts";
import type { CellEditor } from "./editor.ts";
import { joinNotebook, leaveNotebook } from "./notebooks.ts";
import { outputNodes, type ShownOutputs } from "./output-view.ts";

const LABELS: Record<Cell["state"], string> = {
  idle: "",
  waiting: "waiting",
  running: "running",
  done: "ran",
  failed: "failed",
  interrupted: "stopped; what it made is kept",
  stopped: "not in this run",
};

export const RunCell = defineComponent({
  name: "RunCell",
  props: {
    index: { type: Number, required: true },
    /** The code and the recorded outputs, each through encodeURIComponent. */
    code: { type: String, required: true },
    outputs: { type: String, default: "" },
  },
  setup(props, { slots }) {
    const path = useRoute().path;
    const recorded: readonly Output[] =
      props.outputs === "" ? [] : JSON.parse(decodeURIComponent(props.outputs));
    const host = ref<HTMLElement>();
    const notebook = shallowRef<Notebook>();
    const isEditing = ref(false);
    const cell = computed(() => notebook.value?.view.cells[props.index]);
    let editor: CellEditor | undefined;
    const run = (): void => void notebook.value?.run(props.index);

    onMounted(async () => {
      const joined = joinNotebook(path);
      const added = joined.addCell(props.index, decodeURIComponent(props.code));
      notebook.value = joined;
      const { openEditor } = await import("./editor.ts");
      if (host.value === undefined || notebook.value === undefined) return;
      editor = openEditor(host.value, {
        label: `Code of cell ${props.index + 1}. Shift-Enter runs it; Escape, then Tab, leaves it.`,
        text: added.source,
        cell: props.index,
        cells: () => joined.view.cells.map(({ source }) => source),
        onChange: (text) => joined.edit(props.index, text),
        onRun: run,
      });
      isEditing.value = true;
    });
    watch(
      () => cell.value?.source,
      (source) => {
        if (source !== undefined) editor?.setText(source);
      },
    );
    watch(
      () => cell.value?.failure,
      (failure) => editor?.markLine(failure?.cell === props.index ? failure.line : undefined),
    );
    onBeforeUnmount(() => {
      editor?.close();
      if (notebook.value !== undefined) leaveNotebook(notebook.value);
      notebook.value = undefined;
    });

    return () => {
      const state = cell.value?.state ?? "idle";
      const { hasRun, outputs, drawn } = cell.value ?? {};
      // The log itself is not reactive: `drawn` says when to read it.
      const shown =
        hasRun && drawn !== undefined ? (outputs as OutputLog) : { outputs: recorded, dropped: 0 };
      const isEdited = cell.value !== undefined && cell.value.source !== cell.value.original;
      const number = props.index + 1;
      return h(
        "section",
        {
          class: ["cell", `is-${state}`],
          "aria-label": `Cell ${number}`,
          "data-cell": props.index,
          "data-state": state,
        },
        [
          h("div", { class: "cell-head" }, [
            h("span", { class: "cell-number", "aria-hidden": "true" }, `${number}`),
            h(
              "button",
              {
                class: "cell-run",
                type: "button",
                disabled: !isEditing.value,
                "aria-label": `Run cell ${number}`,
                title: "Run this cell (Shift-Enter)",
                onClick: run,
              },
              [h("span", { "aria-hidden": "true" }, "▶"), " Run"],
            ),
            h("span", { class: "cell-state" }, LABELS[state]),
            isEdited ? revertButton(number, () => cell.value && editor?.setText(cell.value.original)) : null,
          ]),
          h("div", { class: "cell-code", ref: host, "data-editing": isEditing.value }, []),
          isEditing.value ? null : h("div", { class: "cell-static" }, slots.default?.()),
          outputView(shown, cell.value, number),
        ],
      );
    };
  },
});

function revertButton(number: number, onClick: () => void): VNode {
  const label = `Revert cell ${number}`;
  return h("button", { class: "cell-revert", type: "button", "aria-label": label, onClick }, "Revert");
}

function outputView(shown: ShownOutputs, cell: Cell | undefined, number: number): VNode | null {
  const failure = cell?.failure;
  const isStopped = cell?.state === "stopped" && cell.hasRun;
  if (shown.outputs.length === 0 && failure === undefined && !isStopped) return null;
  const children: VNode[] = outputNodes(shown, number, cell?.hasRun === true);
  if (failure !== undefined) {
    const place = failure.line === undefined ? "" : `cell ${(failure.cell ?? 0) + 1}, line ${failure.line}: `;
    children.push(
      h("div", { class: "cell-error", role: "alert" }, [
        h("strong", `${place}${failure.name}`),
        h("pre", failure.message),
        failure.hint === undefined ? null : h("p", failure.hint),
      ]),
    );
  }
  if (isStopped)
    children.push(h("p", { class: "cell-note" }, "From an earlier run: what this cell made is gone."));
  return h("div", { class: "cell-output" }, children);
}
