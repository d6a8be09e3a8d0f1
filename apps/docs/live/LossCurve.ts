/** The loss of each step so far, and beside it another curve between 0 and 1 where a program has one. */
import { computed, defineComponent, h, type PropType } from "vue";
import { pathOf, roundUp, thinned } from "./curve.ts";

const WIDTH = 300;
const HEIGHT = 110;

export const LossCurve = defineComponent({
  name: "LossCurve",
  props: {
    losses: { type: Array as PropType<number[]>, required: true },
    /** Counts up when there are more. */
    drawn: { type: Number, required: true },
    shares: { type: Array as PropType<number[]>, default: () => [] },
    shareLabel: { type: String, default: "" },
  },
  setup(props) {
    const curve = computed(() => {
      void props.drawn;
      const values = thinned(props.losses);
      return { values, top: roundUp(Math.max(0, ...values.filter(Number.isFinite))) };
    });
    return () => {
      const { values, top } = curve.value;
      const last = values.at(-1);
      const share = props.shares.at(-1);
      const said = last === undefined ? "no step yet" : `loss ${last.toPrecision(3)}`;
      const shareSaid = share === undefined ? "" : `, ${props.shareLabel} ${(100 * share).toFixed(1)}%`;
      const shares = pathOf(props.shares, 1, WIDTH, HEIGHT);
      return h("figure", { class: "live-curve" }, [
        h("figcaption", [
          h("span", { class: "live-loss" }, last === undefined ? "loss" : `loss ${last.toFixed(3)}`),
          props.shareLabel === ""
            ? null
            : h(
                "span",
                { class: "live-share" },
                share === undefined ? props.shareLabel : `${props.shareLabel} ${(100 * share).toFixed(1)}%`,
              ),
          h("span", { class: "live-top" }, `top: ${top}${props.shareLabel === "" ? "" : ", 100%"}`),
        ]),
        h(
          "svg",
          {
            viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
            preserveAspectRatio: "none",
            role: "img",
            "aria-label": `Curve: ${said}${shareSaid}`,
          },
          [
            [0.25, 0.5, 0.75].map((at) =>
              h("line", { class: "live-grid", x1: 0, x2: WIDTH, y1: at * HEIGHT, y2: at * HEIGHT }),
            ),
            shares === "" ? null : h("path", { class: "live-share-line", d: shares }),
            h("path", { class: "live-loss-line", d: pathOf(values, top, WIDTH, HEIGHT) }),
          ],
        ),
      ]);
    };
  },
});
