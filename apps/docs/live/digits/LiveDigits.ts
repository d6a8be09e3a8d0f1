/** A place to draw a digit on, and what the network that trains beside it takes it for. */
import { defineComponent, h, onMounted, reactive, ref, shallowRef } from "vue";
import { LivePanel } from "../LivePanel.ts";
import { LiveSession } from "../session.ts";
import { type Point, reduceDrawing, type Stroke, strokesOf } from "./drawing.ts";
import { type DigitsAnswer, type DigitsShown, sliders } from "./sliders.ts";

/** Of the paper, in the units of its strokes. */
const SIDE = 280;

export const LiveDigits = defineComponent({
  name: "LiveDigits",
  setup() {
    const paper = ref<SVGSVGElement>();
    const strokes = shallowRef<readonly Stroke[]>([]);
    const pixels = shallowRef<ArrayLike<number>>(new Float32Array(64));
    const probabilities = shallowRef<readonly number[]>(new Array(10).fill(0));
    const view = reactive({
      accuracies: [] as number[],
      said: "",
      /** Whether an answer is due: the next drawing is sent after it, so that none wait in line. */
      isAsked: false,
    });
    let isDown = false;
    let example = 0;
    let isStale = false;

    const session = new LiveSession({
      name: "digits",
      sliders,
      length: 600,
      shown(piece) {
        view.accuracies = [...view.accuracies, (piece as DigitsShown).accuracy];
        ask();
      },
      answered(answer) {
        const given = answer as DigitsAnswer;
        if ("image" in given) {
          view.said = `Painted a ${given.label} that the network has not trained on.`;
          draw(strokesOf(given.image, SIDE));
          return;
        }
        view.isAsked = false;
        probabilities.value = strokes.value.length === 0 ? new Array(10).fill(0) : given.probabilities;
        if (isStale) ask();
      },
      made() {
        view.accuracies = [];
        view.isAsked = false;
      },
    });

    function ask(): void {
      isStale = view.isAsked;
      if (view.isAsked || strokes.value.length === 0) return;
      view.isAsked = session.ask({ drawing: reduceDrawing(strokes.value) });
    }
    function draw(drawn: readonly Stroke[]): void {
      strokes.value = drawn;
      pixels.value = drawn.length === 0 ? new Float32Array(64) : reduceDrawing(drawn);
      if (drawn.length === 0) probabilities.value = new Array(10).fill(0);
      ask();
    }
    const place = (event: PointerEvent): Point => {
      const { left, top, width, height } = (paper.value as SVGSVGElement).getBoundingClientRect();
      return [((event.clientX - left) / width) * SIDE, ((event.clientY - top) / height) * SIDE];
    };
    function press(event: PointerEvent): void {
      event.preventDefault();
      paper.value?.setPointerCapture(event.pointerId);
      isDown = true;
      view.said = "";
      draw([...strokes.value, [place(event)]]);
    }
    function move(event: PointerEvent): void {
      if (!isDown) return;
      const last = strokes.value.at(-1) as Stroke;
      draw([...strokes.value.slice(0, -1), [...last, place(event)]]);
    }
    const lift = (): void => {
      isDown = false;
    };
    onMounted(() => {
      // A finger draws there; it scrolls everywhere else.
      paper.value?.addEventListener("touchmove", (event) => event.preventDefault(), { passive: false });
    });

    const drawing = () =>
      h("div", { class: "live-paper" }, [
        h(
          "svg",
          {
            ref: paper,
            viewBox: `0 0 ${SIDE} ${SIDE}`,
            role: "img",
            "aria-label": "Paper to draw a digit on, with a finger or the mouse",
            onPointerdown: press,
            onPointermove: move,
            onPointerup: lift,
            onPointercancel: lift,
          },
          [
            strokes.value.length > 0
              ? null
              : h("text", { x: SIDE / 2, y: SIDE / 2, "text-anchor": "middle" }, "draw a digit here"),
            strokes.value.map((stroke) =>
              h("polyline", {
                points: [...stroke, stroke[0]].slice(0, stroke.length === 1 ? 2 : -1).join(" "),
              }),
            ),
          ],
        ),
        h("div", { class: "live-buttons" }, [
          h("button", { type: "button", onClick: () => draw([]) }, "Clear"),
          h("button", { type: "button", onClick: () => session.ask({ example: example++ }) }, "Paint me one"),
        ]),
      ]);
    const reading = () => {
      const best = Math.max(...probabilities.value);
      const guess = best > 0 ? probabilities.value.indexOf(best) : undefined;
      return h("div", { class: "live-reading" }, [
        h(
          "svg",
          {
            class: "live-pixels",
            viewBox: "0 0 8 8",
            role: "img",
            "aria-label": "The drawing as 8 x 8 pixels",
          },
          Array.from(pixels.value, (value, i) =>
            h("rect", { x: i % 8, y: Math.floor(i / 8), width: 1, height: 1, "fill-opacity": value / 16 }),
          ),
        ),
        h(
          "ol",
          { class: "live-bars", "aria-label": "How likely each digit is" },
          probabilities.value.map((p, digit) =>
            h("li", { class: digit === guess ? "is-best" : "", "data-digit": digit }, [
              h("span", String(digit)),
              h("span", { class: "live-bar" }, [h("span", { style: { width: `${(100 * p).toFixed(1)}%` } })]),
              h("span", `${(100 * p).toFixed(0)}%`),
            ]),
          ),
        ),
        h(
          "p",
          { class: "live-guess", role: "status", "data-guess": guess, "data-waiting": view.isAsked },
          guess === undefined ? "Nothing is drawn." : `${view.said} The network reads a ${guess}.`.trim(),
        ),
      ]);
    };
    return () =>
      h(
        LivePanel,
        {
          session,
          sliders,
          label: "A network that learns to read digits",
          shares: view.accuracies,
          shareLabel: "accuracy",
        },
        { default: () => [drawing(), reading()] },
      );
  },
});
