// What the pictures have in common: their place, size, inks and axes.

/** The colour that a style variable of the page has now. */
function ink(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

const charts = [];

/** A chart in a place of the page; `render` fills it and is called again when size or theme change. */
function chart(place, render) {
  // Twice as many pixels as the screen has: charts are printed and zoomed, too.
  const drawn = echarts.init(place, null, { devicePixelRatio: Math.max(2, window.devicePixelRatio) });
  const made = { drawn, place, render };
  charts.push(made);
  // In a frame of its own: a chart that changes its size at once would be observed again.
  new ResizeObserver(() => requestAnimationFrame(() => drawn.resize())).observe(place);
  return made;
}

function renderCharts() {
  charts.forEach(each => each.render());
}

/** Settings that all charts share. */
function frame(settings) {
  return {
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { color: ink('ink'), fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 8, right: 14, top: 26, bottom: 6, containLabel: true },
    tooltip: {
      trigger: 'item',
      confine: true,
      transitionDuration: 0,
      backgroundColor: '#fff',
      borderColor: '#888',
      className: 'tip',
    },
    ...settings,
  };
}

/** An axis of numbers; logarithmic ones have ticks at powers of 2 if they span less than three decades. */
function numberAxis(low, high, log, more = {}) {
  return {
    type: log ? 'log' : 'value',
    logBase: log && high / low < 1000 ? 2 : 10,
    min: low,
    max: high,
    axisLine: { show: true, onZero: false, lineStyle: { color: ink('ink') } },
    axisTick: { show: true },
    axisLabel: {
      color: ink('ink'),
      // The limits themselves are seldom round.
      showMinLabel: roundly(low, low, high, log),
      showMaxLabel: roundly(high, low, high, log),
      hideOverlap: true,
      formatter: value => number(value),
    },
    splitLine: { show: false },
    ...more,
  };
}

function roundly(value, low, high, log) {
  return roundNumbers(low, high, log).some(t => Math.abs(t - value) <= 1e-9 * Math.abs(high - low));
}
