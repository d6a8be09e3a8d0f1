/** The bar above a page's first cell: run all, stop, reset, share, and the device. It stays in sight. */
import { useRoute } from "vitepress";
import { defineComponent, h, onBeforeUnmount, onMounted, ref, shallowRef, type VNode } from "vue";
import type { DeviceName } from "../../notebook/messages.ts";
import type { Notebook } from "../../notebook/notebook.ts";
import { joinNotebook, leaveNotebook } from "./notebooks.ts";

export const NotebookBar = defineComponent({
  name: "NotebookBar",
  setup() {
    const path = useRoute().path;
    const notebook = shallowRef<Notebook>();
    const hasGpu = ref(true);
    onMounted(() => {
      notebook.value = joinNotebook(path);
      hasGpu.value = "gpu" in navigator;
    });
    onBeforeUnmount(() => {
      if (notebook.value !== undefined) leaveNotebook(notebook.value);
    });

    const button = (label: string, isOff: boolean, onClick: () => void): VNode =>
      h("button", { type: "button", disabled: isOff, onClick }, label);
    const device = (name: DeviceName, label: string, isOff = false): VNode => {
      const why = isOff ? "This browser has no WebGPU" : undefined;
      return h("label", { title: why }, [
        h("input", {
          type: "radio",
          name: "device",
          value: name,
          disabled: isOff,
          checked: (notebook.value?.view.device ?? "cpu") === name,
          onChange: () => notebook.value?.setDevice(name),
        }),
        label,
      ]);
    };

    return () => {
      const view = notebook.value?.view;
      const isOff = view === undefined;
      return h("div", { class: "notebook-bar", role: "group", "aria-label": "This page's cells" }, [
        button("Run all", isOff || view.isRunning, () => void notebook.value?.runAll()),
        button("Stop", isOff || !view.isRunning, () => notebook.value?.stop()),
        button("Reset", isOff, () => notebook.value?.reset()),
        button("Share", isOff, () => void notebook.value?.share()),
        h("fieldset", [
          h("legend", "Device"),
          device("cpu", "CPU"),
          device("webgpu", "WebGPU", !hasGpu.value),
        ]),
        h("span", { class: "notebook-status", role: "status" }, view?.status ?? ""),
      ]);
    };
  },
});
