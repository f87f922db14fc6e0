// <stat-chart>: draws the ECharts option that it holds as JSON. The table beside it stays the view for everybody who does not see
// pictures; the drawing itself is one image with a name. Colours come from the page's tokens, so that both schemes agree.

const source = new URL("echarts.js", import.meta.url).href;
let library = null;

/** Loads ECharts once, when the first chart comes into view: it is a megabyte that most pages do not need. */
function loadLibrary() {
  library ??= new Promise((resolve, reject) => {
    if (globalThis.echarts) { resolve(globalThis.echarts); return; }
    const script = document.createElement("script");
    script.src = source;
    script.onload = () => resolve(globalThis.echarts);
    script.onerror = () => { library = null; reject(new Error(source)); };
    document.head.append(script);
  });
  return library;
}

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** The page's tokens as an ECharts theme. */
function theme() {
  const ink = token("--ink-2");
  const axis = {
    axisLine: { lineStyle: { color: token("--line-strong") } },
    axisTick: { lineStyle: { color: token("--line-strong") } },
    axisLabel: { color: ink },
    nameTextStyle: { color: ink },
    splitLine: { lineStyle: { color: token("--line") } },
  };
  return {
    color: [1, 2, 3, 4, 5, 6].map((n) => token(`--chart-${n}`)),
    backgroundColor: "transparent",
    textStyle: { color: ink, fontFamily: token("--font"), fontSize: 12 },
    legend: { textStyle: { color: ink }, itemWidth: 14, itemHeight: 8 },
    tooltip: { backgroundColor: token("--surface"), borderColor: token("--line-strong"), textStyle: { color: token("--ink") } },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: axis,
    timeAxis: axis,
    line: { symbolSize: 6, lineStyle: { width: 2 } },
  };
}

/** What a strict content policy and a calm page demand of every option, whoever wrote it. */
function settled(option) {
  return {
    grid: { left: 8, right: 16, top: option.legend ? 64 : 36, bottom: 8, containLabel: true },
    ...option,
    animation: false,
    tooltip: { trigger: "axis", confine: true, ...option.tooltip, renderMode: "richText" },
  };
}

class StatChart extends HTMLElement {
  connectedCallback() {
    const json = this.querySelector('script[type="application/json"]');
    if (!json || this.canvas) return;
    try {
      this.option = JSON.parse(json.textContent);
    } catch {
      this.fail("图的数据读不出来,请看下面的表。");
      return;
    }
    this.canvas = document.createElement("div");
    this.canvas.className = "canvas";
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", this.name());
    this.append(this.canvas);
    this.scheme = matchMedia("(prefers-color-scheme: dark)");
    this.redraw = () => this.draw();
    this.scheme.addEventListener("change", this.redraw);
    this.seen = new IntersectionObserver((entries) => { if (entries.some((entry) => entry.isIntersecting)) void this.start(); });
    this.seen.observe(this.canvas);
  }

  disconnectedCallback() {
    this.seen?.disconnect();
    this.sized?.disconnect();
    this.scheme?.removeEventListener("change", this.redraw);
    this.chart?.dispose();
    this.canvas?.remove();
    this.tools?.remove();
    this.canvas = this.chart = this.sized = null;
  }

  name() {
    const caption = this.closest("figure")?.querySelector("figcaption");
    return this.getAttribute("label") ?? caption?.textContent.replace(/\s+/g, " ").trim() ?? "统计图";
  }

  async start() {
    this.seen.disconnect();
    try {
      this.echarts = await loadLibrary();
    } catch {
      this.fail("图没有载入,请看下面的表,或刷新页面再试。");
      return;
    }
    if (!this.canvas) return;
    this.draw();
    this.sized = new ResizeObserver(() => this.chart?.resize());
    this.sized.observe(this.canvas);
    this.addTools();
  }

  draw() {
    if (!this.echarts) return;
    this.chart?.dispose();
    this.chart = this.echarts.init(this.canvas, theme(), { renderer: "canvas" });
    this.chart.setOption(settled(this.option));
    this.canvas.dataset.drawn = "true";
  }

  addTools() {
    this.tools = document.createElement("div");
    this.tools.className = "chart-tools";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button small";
    button.textContent = "下载图片";
    button.addEventListener("click", () => this.download());
    this.tools.append(button);
    this.append(this.tools);
  }

  download() {
    const link = document.createElement("a");
    link.href = this.chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: token("--surface") });
    link.download = `${this.getAttribute("file") ?? this.name().slice(0, 40)}.png`;
    link.click();
  }

  fail(says) {
    const note = document.createElement("p");
    note.className = "notice explain";
    note.textContent = says;
    this.replaceChildren(note);
  }
}

customElements.define("stat-chart", StatChart);
