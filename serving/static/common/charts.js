// Apache ECharts, loaded when the first chart is wanted, with the colours of the page's theme.

const SCRIPT = "/static/vendor/echarts-6.1.0/echarts.common.min.js";
let loading = null;

function load() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = SCRIPT;
    script.addEventListener("load", () => resolve(window.echarts));
    script.addEventListener("error", () => {
      loading = null;
      reject(new Error("ECharts could not be loaded"));
    });
    document.head.append(script);
  });
  return loading;
}

/** The colour that the theme gives a variable of the styles. */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** A chart in a box. `draw(option, about)` shows another option; `about` is what a screen reader says of it. */
export class Chart {
  constructor(box) {
    this.box = box;
    box.setAttribute("role", "img");
    new ResizeObserver(() => this.chart?.resize()).observe(box);
  }

  async draw(option, about) {
    const echarts = await load();
    this.box.setAttribute("aria-label", about);
    this.chart ??= echarts.init(this.box, null, { renderer: "canvas" });
    this.chart.resize();
    this.chart.setOption({ ...look(), ...option }, true);
    return this.chart;
  }

  /** Call `listener(data)` when a bar, slice or point is clicked. */
  onPick(listener) {
    this.chart.off("click");
    this.chart.on("click", ({ data }) => listener(data));
  }
}

function look() {
  return {
    backgroundColor: "transparent",
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 300,
    textStyle: { color: colour("ink"), fontFamily: getComputedStyle(document.body).fontFamily },
    // Markup with styles of its own is what the Content-Security-Policy forbids.
    tooltip: tooltip(),
  };
}

/** How every tooltip looks: drawn on the canvas. */
export function tooltip(more = {}) {
  return {
    renderMode: "richText",
    confine: true,
    backgroundColor: colour("panel"),
    borderColor: colour("line"),
    textStyle: { color: colour("ink") },
    ...more,
  };
}

/** An axis in the theme's colours. */
export function axis(more = {}) {
  const { axisLabel, ...rest } = more;
  return {
    axisLine: { lineStyle: { color: colour("line") } },
    splitLine: { lineStyle: { color: colour("line") } },
    axisLabel: { color: colour("soft"), ...axisLabel },
    nameTextStyle: { color: colour("soft") },
    ...rest,
  };
}
