/**
 * What the programs have in common: the picture's place, the buttons, the sliders, the device, the curve. It starts by
 * itself when half of its picture is in sight, unless the reader asked for less motion or to save data.
 */
import { defineComponent, h, onBeforeUnmount, onMounted, type PropType, ref, type VNode } from "vue";
import { LossCurve } from "./LossCurve.ts";
import type { DeviceName } from "./link.ts";
import type { LiveSession } from "./session.ts";
import { nearest, type Slider } from "./slider.ts";

export const LivePanel = defineComponent({
  name: "LivePanel",
  props: {
    session: { type: Object as PropType<LiveSession>, required: true },
    sliders: { type: Array as PropType<readonly Slider[]>, required: true },
    label: { type: String, required: true },
    shares: { type: Array as PropType<number[]>, default: () => [] },
    shareLabel: { type: String, default: "" },
  },
  setup(props, { slots }) {
    const { session } = props;
    const { view } = session;
    const picture = ref<HTMLElement>();
    const isAlive = ref(false);
    let seen: IntersectionObserver | undefined;

    onMounted(async () => {
      await session.open();
      if (picture.value === undefined) return;
      isAlive.value = true;
      if (wantsStillness()) return;
      seen = new IntersectionObserver(
        ([{ isIntersecting }]) => {
          if (!isIntersecting) return;
          seen?.disconnect();
          if (view.state === "idle") session.train();
        },
        { threshold: 0.5 },
      );
      seen.observe(picture.value as HTMLElement);
    });
    onBeforeUnmount(() => {
      seen?.disconnect();
      session.dispose();
    });

    const isBusy = (): boolean => view.state === "training" || view.state === "starting";
    const mainButton = (): VNode =>
      h(
        "button",
        {
          type: "button",
          class: "live-main",
          disabled: !isAlive.value,
          onClick: () => (isBusy() ? session.pause() : session.train()),
        },
        isBusy() ? "Pause" : view.step > 0 ? "Go on" : "Train",
      );
    const button = (label: string, onClick: () => void): VNode =>
      h("button", { type: "button", disabled: !isAlive.value, onClick }, label);

    const slider = (spec: Slider): VNode => {
      const { name, label, values } = spec;
      const value = view.settings[name];
      return h("label", { class: "live-slider" }, [
        h("span", label),
        h("output", String(value)),
        h("input", {
          type: "range",
          name,
          min: 0,
          max: values.length - 1,
          step: 1,
          value: nearest(values, value),
          disabled: !isAlive.value,
          "aria-label": label,
          "aria-valuetext": String(value),
          onInput: ({ target }: Event) =>
            session.set(spec, values[Number((target as HTMLInputElement).value)]),
        }),
      ]);
    };
    const device = (name: DeviceName, label: string, isOff: boolean): VNode =>
      h("label", { title: isOff ? "WebGPU does not open in this browser" : undefined }, [
        h("input", {
          type: "radio",
          name: "live-device",
          value: name,
          checked: view.device === name,
          disabled: isOff,
          onChange: () => session.setDevice(name),
        }),
        label,
      ]);

    return () =>
      h(
        "section",
        {
          class: "live",
          "aria-label": props.label,
          "data-state": view.state,
          "data-step": view.step,
          "data-alive": isAlive.value,
        },
        [
          h("div", { ref: picture, class: "live-picture" }, slots.default?.()),
          h("div", { class: "live-side" }, [
            h("div", { class: "live-buttons" }, [
              mainButton(),
              button("Start over", () => session.restart()),
              button("Copy link", () => void session.copyLink()),
            ]),
            h("p", { class: "live-count" }, [
              h("span", { class: "live-step" }, `step ${view.step.toLocaleString("en")}`),
              h(
                "span",
                { class: "live-rate" },
                `${view.rate.toFixed(view.rate < 10 ? 1 : 0)} steps a second`,
              ),
            ]),
            h(LossCurve, {
              losses: view.losses,
              drawn: view.drawn,
              shares: props.shares,
              shareLabel: props.shareLabel,
            }),
            props.sliders.map(slider),
            h("fieldset", { class: "live-device" }, [
              h("legend", "Device"),
              device("cpu", "CPU", false),
              device("webgpu", "WebGPU", !view.hasGpu),
            ]),
            h("p", { class: "live-message", role: "status" }, view.message),
          ]),
        ],
      );
  },
});

function wantsStillness(): boolean {
  const { connection } = navigator as { readonly connection?: { readonly saveData?: boolean } };
  return matchMedia("(prefers-reduced-motion: reduce)").matches || connection?.saveData === true;
}
