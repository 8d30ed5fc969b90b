// ECharts, drawn from JSON in the page: <div class="chart" data-chart="months" data-source="#id">.
// Colours come from the tokens. Tooltips are drawn on the canvas (richText): no inline style, so a strict CSP holds.
(() => {
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  const token = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };

  const base = () => ({
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 11, color: token("--ink-3") },
    tooltip: {
      trigger: "axis", renderMode: "richText", backgroundColor: token("--bg-raised"), borderColor: token("--line"),
      textStyle: { color: token("--ink"), fontSize: 12, fontFamily: getComputedStyle(document.body).fontFamily }, axisPointer: { lineStyle: { color: token("--line-strong") } },
    },
    aria: { enabled: true },
  });
  const axis = () => ({
    axisLine: { lineStyle: { color: token("--line-strong") } }, axisTick: { show: false },
    axisLabel: { color: token("--ink-3"), fontSize: 11 }, splitLine: { show: false },
  });

  // The name of a threshold stands where no line of the chart runs through it: tried from the left, above and below.
  const GRID = { top: 12, right: 84, bottom: 24, left: 28 };
  const NAME_HEIGHT = 16;
  const pen = document.createElement("canvas").getContext("2d");
  const freeSpot = (threshold, data, el) => {
    pen.font = `11px ${getComputedStyle(document.body).fontFamily}`;
    const width = el.clientWidth - GRID.left - GRID.right;
    const perPixel = (100 - data.min) / (el.clientHeight - GRID.top - GRID.bottom);
    const long = pen.measureText(threshold.name).width + 6;
    const step = width / Math.max(data.months.length - 1, 1);
    const runsThrough = (line, left, low, high) => line.some((value, at) => {
      const next = line[at + 1];
      if (value == null || next == null) return false;
      const from = Math.max(left, at * step);
      const to = Math.min(left + long, (at + 1) * step);
      if (from > to) return false;
      const ends = [from, to].map((x) => value + ((next - value) * (x - at * step)) / step);
      return Math.max(...ends) > low && Math.min(...ends) < high;
    });
    const reach = NAME_HEIGHT * perPixel;
    const spots = [["Start", 0], ["Middle", (width - long) / 2], ["End", width - long]].flatMap(([name, left]) => [
      [`inside${name}Top`, left, threshold.at, threshold.at + reach],
      [`inside${name}Bottom`, left, threshold.at - reach, threshold.at],
    ]);
    const inside = spots.filter(([, , low, high]) => low >= data.min && high <= 100);
    const free = inside.find(([, ...box]) => ![data.own, data.team].some((line) => runsThrough(line, ...box)));
    return (free || spots[0])[0];
  };

  const kinds = {
    // total by month, grade thresholds as named lines, team median dashed
    months: (data, el) => ({
      ...base(),
      grid: GRID,
      xAxis: { type: "category", data: data.months, boundaryGap: false, ...axis() },
      yAxis: { type: "value", min: data.min, max: 100, interval: 10, ...axis(), axisLine: { show: false }, splitLine: { lineStyle: { color: token("--line") } } },
      series: [
        {
          name: data.labels.team, type: "line", data: data.team, symbol: "none", lineStyle: { color: token("--mark"), width: 1.5, type: [4, 3] },
          itemStyle: { color: token("--mark") },
          endLabel: { show: true, formatter: data.labels.team, color: token("--ink-3"), fontSize: 11, offset: [0, data.teamOffset || 0] },
        },
        {
          name: data.labels.own, type: "line", data: data.own, symbol: "circle", symbolSize: 5,
          lineStyle: { color: token("--accent"), width: 2 }, itemStyle: { color: token("--accent") },
          endLabel: { show: true, formatter: (p) => `${data.labels.own} ${p.value}`, color: token("--accent"), fontWeight: 600, fontSize: 11, offset: [0, data.ownOffset || 0] },
          markLine: {
            silent: true, symbol: "none", lineStyle: { color: token("--line-strong"), type: "solid", width: 1 },
            label: { color: token("--ink-3"), fontSize: 11, distance: 2 },
            data: data.thresholds.map((t) => ({ yAxis: t.at, label: { formatter: t.name, position: freeSpot(t, data, el) } })),
          },
        },
      ],
    }),
  };

  const charts = new Map();
  const start = (el) => {
    const data = JSON.parse(document.querySelector(el.dataset.source).textContent);
    const chart = echarts.init(el, null, { renderer: "canvas" });
    const draw = () => chart.setOption(kinds[el.dataset.chart](data, el), true);
    charts.set(el, { chart, draw });
    draw();
  };
  const startAll = () => document.querySelectorAll("[data-chart]").forEach((el) => {
    if (!charts.has(el)) start(el);
  });
  const redraw = () => charts.forEach((c) => c.draw());
  startAll();
  document.addEventListener("htmx:afterSettle", startAll);
  document.addEventListener("themechange", redraw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  addEventListener("resize", () => charts.forEach((c) => {
    c.chart.resize();
    c.draw();
  }));
})();
