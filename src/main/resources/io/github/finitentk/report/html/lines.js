// Curves: one quantity along an axis, a line for each value of another.

const curves = (() => {
  const MOST_LINES = 24;
  const RATIO = 'depth/width';
  const CELL = ['depth', 'width', 'sigma_w2', 'sigma_b2'];
  const numeric = varying().filter(axis => axis !== 'activation');
  const state = {
    choice: new Choice(render),
    filters: new Filters(render, middle()),
    along: numeric.find(axis => !CELL.includes(axis)) ?? CELL.find(axis => numeric.includes(axis)),
    each: null,
    logAlong: false,
    hidden: new Set(),
  };
  if (state.along === undefined) {
    byId('curves').hidden = true;
    document.querySelector('nav a[href="#curves"]').hidden = true;
    return { state };
  }
  state.each = pickEach();
  const picture = chart(byId('curves-chart'), render);

  /** A cell of middling weight variance. */
  function middle() {
    const rows = run.rows().sort((a, b) => run.get('sigma_w2', a) - run.get('sigma_w2', b) || a - b);
    const value = run.get('sigma_w2', rows[Math.floor(rows.length / 2)]);
    return rows.find(row => run.get('sigma_w2', row) === value);
  }

  function free() {
    return state.along === RATIO ? ['depth', 'width', state.each] : [state.along, state.each];
  }

  function eachOptions() {
    const taken = state.along === RATIO ? [] : [state.along];
    return varying().filter(axis => !taken.includes(axis) && !(state.along === RATIO && axis === 'depth'));
  }

  function pickEach() {
    const options = eachOptions();
    return ['width', 'sigma_w2', 'sigma_b2', 'activation', 'depth'].find(axis => options.includes(axis)) ?? null;
  }

  function alongOptions() {
    const options = numeric.map(axis => [axis, `${AXES[axis].title} ${AXES[axis].symbol}`]);
    if (numeric.includes('depth')) {
      options.push([RATIO, 'depth over width L/M']);
    }
    return options;
  }

  function controls(log) {
    const list = [...state.choice.controls()];
    list.push(select('along', alongOptions(), state.along, along => {
      state.along = along;
      state.each = eachOptions().includes(state.each) ? state.each : pickEach();
      render();
    }));
    if (eachOptions().length > 1) {
      list.push(select('a line for each', eachOptions().map(axis => [axis, AXES[axis].title]), state.each, each => {
        state.each = each;
        state.hidden.clear();
        render();
      }));
    }
    list.push(...state.filters.controls(free()));
    list.push(
      tick('logarithmic values', log, wish => {
        state.choice.wish = wish;
        render();
      }),
      tick('logarithmic axis', state.logAlong, log => {
        state.logAlong = log;
        render();
      }));
    return list;
  }

  function x(row) {
    return state.along === RATIO ? run.get('depth', row) / run.get('width', row) : run.get(state.along, row);
  }

  /** The lines: a value of the axis that tells them apart, and its rows from left to right. */
  function gather() {
    const rows = rowsWith(state.filters.fixed(free()));
    if (state.each === null) {
      return [{ value: null, rows: rows.sort((a, b) => x(a) - x(b)) }];
    }
    const groups = new Map(run.axisValues[state.each].map(value => [value, []]));
    rows.forEach(row => groups.get(run.get(state.each, row)).push(row));
    const lines = [...groups].filter(([, members]) => members.length > 0)
      .map(([value, members]) => ({ value, rows: members.sort((a, b) => x(a) - x(b)) }));
    const stride = Math.ceil(lines.length / MOST_LINES);
    return lines.filter((_, k) => k % stride === 0);
  }

  function colour(k, count) {
    const shades = run.colours.standard.sequential;
    const dark = document.documentElement.dataset.theme === 'dark';
    const t = count === 1 ? 0.3 : k / (count - 1);
    // Neither end of the gradient may sink into the page.
    return shades[Math.round((dark ? 0.25 + 0.75 * t : 0.85 * t) * (shades.length - 1))];
  }

  function name(line) {
    return state.each === 'activation' ? line.value : `${AXES[state.each].symbol} = ${number(line.value)}`;
  }

  function points(rows, log) {
    return rows.map(row => ({ row, x: x(row), ...reading(state.choice, row) }))
      .filter(p => Number.isFinite(p.value) && (!log || p.value > 0));
  }

  function render() {
    const lines = gather();
    const visible = lines.filter(line => !state.hidden.has(line.value));
    const log = state.choice.log(spansDecades(visible.flatMap(line => points(line.rows, false))));
    replaceControls(byId('curves-controls'), controls(log));
    const all = visible.flatMap(line => points(line.rows, log));
    const logAlong = state.logAlong && all.every(p => p.x > 0);
    byId('curves-note').textContent = state.choice.note();
    byId('curves-up').textContent = state.choice.label;
    const along = state.along === RATIO ? 'depth over width L/M' : `${AXES[state.along].title} ${AXES[state.along].symbol}`;
    byId('curves-across').replaceChildren(...rich(along).flat());
    byId('curves-chart').setAttribute('aria-label',
      `${state.choice.label} along ${along}: ${lines.length} lines; the table below has the numbers`);
    drawLegend(lines);
    const series = visible.flatMap(line => lineSeries(line, colour(lines.indexOf(line), lines.length), log));
    series.push(...limitSeries(visible), ...borderSeries());
    drawKey(visible, series);
    picture.drawn.setOption(frame({
      tooltip: { ...frame({}).tooltip, formatter: tip },
      xAxis: numberAxis(...limits(all.map(p => p.x), logAlong, 0.02), logAlong),
      yAxis: numberAxis(...limits(all.flatMap(p => [p.value, p.low, p.high]), log, 0.05), log,
        { splitLine: { show: true, lineStyle: { color: ink('line') } } }),
      series,
    }), { notMerge: true });
  }

  function spansDecades(known) {
    const values = known.map(p => p.value);
    const low = values.reduce((a, b) => Math.min(a, b), Infinity);
    return low > 0 && values.some(value => value > 30 * low);
  }

  function limits(values, log, room) {
    const finite = values.filter(v => Number.isFinite(v) && v !== null && (!log || v > 0));
    if (finite.length === 0) {
      return log ? [1, 10] : [0, 1];
    }
    const at = v => (log ? Math.log(v) : v);
    const low = at(finite.reduce((a, b) => Math.min(a, b)));
    const high = at(finite.reduce((a, b) => Math.max(a, b)));
    const margin = room * (high - low) || (log ? 0.5 : 0.1 * Math.abs(high) || 1);
    return [low - margin, high + margin].map(v => (log ? Math.exp(v) : v));
  }

  function lineSeries(line, shade, log) {
    const known = points(line.rows, log);
    const trusted = known.filter(p => !heavyTailed(p.row) && p.low !== null && p.high !== null && p.low < p.high);
    const item = p => ({
      value: [p.x, p.value],
      row: p.row,
      symbol: heavyTailed(p.row) ? 'triangle' : 'circle',
    });
    const series = [
      {
        type: 'line',
        color: shade,
        symbolSize: known.length > 40 ? 3 : 6,
        lineStyle: { width: 1.8 },
        z: 3,
        data: known.map(item),
      },
      {
        type: 'custom',
        silent: true,
        clip: true,
        z: 2,
        renderItem: (_, api) => whisker(api, shade, log),
        encode: { x: 0, y: [1, 2] },
        data: trusted.map(p => [p.x, p.low, Number.isFinite(p.high) ? p.high : Number.MAX_VALUE]),
      },
    ];
    const exact = line.rows.map(row => [x(row), run.exact[row] ?? null])
      .filter(([, value]) => Number.isFinite(value) && value !== null);
    if (state.choice.measure.column === 'ratio' && exact.length > 1) {
      series.push({
        type: 'line',
        silent: true,
        symbol: 'none',
        z: 4,
        exact: true,
        lineStyle: { color: ink('ink'), width: 1.2, type: [4, 4] },
        data: exact,
      });
    }
    return series;
  }

  /** An interval: a vertical line between two ends. */
  function whisker(api, shade, log) {
    const low = log ? Math.max(api.value(1), Number.MIN_VALUE) : api.value(1);
    const [at, from] = api.coord([api.value(0), low]);
    const to = Math.max(-1e5, api.coord([api.value(0), api.value(2)])[1]);
    const caps = `M${at - 3} ${from}h6M${at - 3} ${to}h6M${at} ${from}V${to}`;
    return { type: 'path', shape: { pathData: caps }, style: { fill: 'none', stroke: shade, lineWidth: 1.3 } };
  }

  /** The limit of wide ReLU networks at fixed L/M, where the picture shows it: σ_w² = 2, σ_b² = 0 along L/M. */
  function limitSeries(lines) {
    const { filters, along, each, choice } = state;
    const value = axis => (each === axis ? lines.map(line => line.value) : [filters.values[axis]]);
    const fits = along === RATIO && choice.measure.column === 'ratio' && value('activation').includes('relu')
      && value('sigma_w2').includes(2) && value('sigma_b2').includes(0);
    return fits && run.limit.length > 0
      ? [{
        type: 'line',
        silent: true,
        symbol: 'none',
        z: 5,
        limit: true,
        lineStyle: { color: ink('ink'), width: 2, type: 'dotted' },
        data: run.limit,
      }]
      : [];
  }

  /** The border χ₁ = 1 along σ_w², if all lines have the same. */
  function borderSeries() {
    if (state.along !== 'sigma_w2' || ['activation', 'sigma_b2'].includes(state.each)) {
      return [];
    }
    const at = border(state.filters.values.activation, state.filters.values.sigma_b2);
    return at === undefined
      ? []
      : [{
        type: 'line',
        silent: true,
        data: [],
        markLine: {
          symbol: ['none', 'none'],
          lineStyle: { color: ink('ink'), type: 'dashed', width: 1.5 },
          label: { formatter: 'χ₁ = 1', position: 'end', color: ink('ink'), fontSize: 13 },
          data: [{ xAxis: at }],
        },
      }];
  }

  function tip(event) {
    const row = event.data?.row;
    return row === undefined ? null : element('div', {}, description(row, state.choice));
  }

  function drawLegend(lines) {
    const buttons = state.each === null ? [] : lines.map((line, k) => {
      const swatch = element('span', { className: 'swatch' });
      swatch.style.background = colour(k, lines.length);
      const button = element('button', { type: 'button', 'aria-pressed': String(!state.hidden.has(line.value)) },
        swatch, element('span', {}, rich(name(line))));
      button.addEventListener('click', () => {
        state.hidden.has(line.value) ? state.hidden.delete(line.value) : state.hidden.add(line.value);
        render();
        byId('curves-legend').children[k].focus();
      });
      return button;
    });
    byId('curves-legend').replaceChildren(...buttons);
  }

  function drawKey(lines, series) {
    const rows = lines.flatMap(line => line.rows);
    const entries = [];
    if (series.some(s => s.type === 'custom' && s.data.length > 0)) {
      entries.push(run.quantity === 'kernel_change' ? '⌶ range over initialisations' : '⌶ 95 % interval');
    }
    if (rows.some(heavyTailed)) {
      entries.push('▲ heavy tail: no interval can be trusted');
    }
    if (series.some(s => s.exact)) {
      entries.push(['line', 'exact moments of the finite ReLU network']);
    }
    if (series.some(s => s.limit)) {
      entries.push(['dots', 'limit of wide networks at fixed L/M']);
    }
    const hidden = rows.filter(row => !Number.isFinite(reading(state.choice, row).value ?? NaN)).length;
    if (hidden > 0) {
      entries.push(`${hidden} cells without a finite number are left out`);
    }
    byId('curves-key').replaceChildren(...keyEntries(entries));
  }

  return { state, render };
})();
