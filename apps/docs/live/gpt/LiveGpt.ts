/** A small transformer that writes as it learns. */
import { defineComponent, h, reactive } from "vue";
import { LivePanel } from "../LivePanel.ts";
import { LiveSession } from "../session.ts";
import { type GptShown, sliders } from "./sliders.ts";

interface Written {
  readonly step: number;
  text: string;
}

/** Texts that stay in sight. */
const KEPT = 6;

export const LiveGpt = defineComponent({
  name: "LiveGpt",
  setup() {
    const view = reactive({ texts: [] as Written[] });
    const session = new LiveSession({
      name: "gpt",
      sliders,
      length: 1000,
      shown(piece, step) {
        const { letters, isFirst } = piece as GptShown;
        if (isFirst) view.texts = [{ step, text: "" }, ...view.texts].slice(0, KEPT);
        view.texts[0].text += letters;
      },
      made() {
        view.texts = [];
      },
    });
    const texts = () =>
      h(
        "ol",
        { class: "live-texts", tabindex: 0, "aria-label": "What the network wrote, the newest first" },
        view.texts.length === 0
          ? [h("li", { class: "live-none" }, "What the network writes stands here, the newest first.")]
          : view.texts.map(({ step, text }) =>
              h("li", { "data-step": step }, [
                h("span", `after ${step.toLocaleString("en")} steps`),
                h("pre", text.trim()),
              ]),
            ),
      );
    return () =>
      h(LivePanel, { session, sliders, label: "A transformer that learns to write" }, { default: texts });
  },
});
