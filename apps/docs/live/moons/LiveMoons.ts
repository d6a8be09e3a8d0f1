/** Two half moons of points, and the network's opinion of the plane around them as it trains. */
import { defineComponent, h, onMounted, ref, shallowRef } from "vue";
import { LivePanel } from "../LivePanel.ts";
import { LiveSession } from "../session.ts";
import { type MoonPoint, type MoonsShown, plane, sliders } from "./sliders.ts";

/** Of class 0 and class 1; both are seen on white and on black. */
const COLORS = [
  [234, 88, 12],
  [37, 99, 235],
] as const;
const SIZE = { width: 450, height: 320 } as const;

export const LiveMoons = defineComponent({
  name: "LiveMoons",
  setup() {
    const canvas = ref<HTMLCanvasElement>();
    const points = shallowRef<readonly MoonPoint[]>([]);
    let image: ImageData | undefined;

    const session = new LiveSession({
      name: "moons",
      sliders,
      length: 2000,
      shown(piece) {
        const { points: fresh, probabilities } = piece as MoonsShown;
        if (fresh !== undefined) points.value = fresh;
        const context = canvas.value?.getContext("2d");
        if (!context) return;
        image ??= context.createImageData(plane.columns, plane.rows);
        paint(image, probabilities);
        context.putImageData(image, 0, 0);
      },
    });
    onMounted(() => {
      if (canvas.value !== undefined)
        Object.assign(canvas.value, { width: plane.columns, height: plane.rows });
    });

    const x = (at: number): number => ((at - plane.left) / (plane.right - plane.left)) * SIZE.width;
    const y = (at: number): number => ((plane.top - at) / (plane.top - plane.bottom)) * SIZE.height;
    const picture = () =>
      h("div", { class: "live-plane" }, [
        h("canvas", { ref: canvas, width: plane.columns, height: plane.rows, "aria-hidden": "true" }),
        h(
          "svg",
          {
            viewBox: `0 0 ${SIZE.width} ${SIZE.height}`,
            role: "img",
            "aria-label":
              "Two half moons of points; behind them, the class that the network sees at each place",
          },
          points.value.map(([px, py, label]) =>
            h("circle", { class: `live-class-${label}`, cx: x(px).toFixed(1), cy: y(py).toFixed(1), r: 4 }),
          ),
        ),
      ]);
    return () =>
      h(LivePanel, { session, sliders, label: "A decision boundary that trains" }, { default: picture });
  },
});

/** The more certain the network is, the stronger the color; the boundary itself is pale. */
function paint({ data }: ImageData, probabilities: Float32Array): void {
  for (const [i, p] of probabilities.entries()) {
    const [red, green, blue] = COLORS[p < 0.5 ? 0 : 1];
    data.set([red, green, blue, 20 + 200 * Math.abs(p - 0.5)], 4 * i);
  }
}
