// Curves: one quantity along an axis, a line for each value of another, panels side by side for those of a third.

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
    panels: null,
    logAlong: false,
    low: null,
    high: null,
    hidden: new Set(),
  };
  if (state.along === undefined) {
    byId('curves').hidden = true;
    document.querySelector('nav a[href="#curves"]').hidden = true;
    return { state };
  }
  let shown = null;
  tidy();
  state.panels = panelAxes().includes('activation') ? 'activation' : null;
  const picture = new Picture('curves', draw, nearest, row => description(row, state.choice));

  /** A cell of middling weight variance. */
  function middle() {
    const rows = run.rows().sort((a, b) => run.get('sigma_w2', a) - run.get('sigma_w2', b) || a - b);
    const value = run.get('sigma_w2', rows[Math.floor(rows.length / 2)]);
    return rows.find(row => run.get('sigma_w2', row) === value);
  }

  function free() {
    const along = state.along === RATIO ? ['depth', 'width'] : [state.along];
    return [...along, state.each, ...(state.panels === null ? [] : [state.panels])];
  }

  function eachOptions() {
    const taken = state.along === RATIO ? ['depth'] : [state.along];
    return varying().filter(axis => !taken.includes(axis));
  }

  function panelAxes() {
    return varying().filter(axis => ![state.along, state.each].includes(axis)
      && !(state.along === RATIO && ['depth', 'width'].includes(axis)));
  }

  function alongOptions() {
    return numeric.includes('depth') ? [...numeric, RATIO] : numeric;
  }

  /** Makes what tells lines and panels apart fit the axis. */
  function tidy() {
    const options = eachOptions();
    if (!options.includes(state.each)) {
      state.each = ['width', 'sigma_w2', 'sigma_b2', 'activation', 'depth'].find(axis => options.includes(axis))
        ?? options[0] ?? null;
      state.hidden.clear();
    }
    state.panels = panelAxes().includes(state.panels) ? state.panels : null;
  }

  function setAlong(along) {
    state.along = along;
    tidy();
  }

  function setEach(each) {
    state.each = each;
    state.hidden.clear();
    tidy();
  }

  view.part('curves', [
    ...state.choice.view(),
    ['along', () => state.along, among(alongOptions, setAlong)],
    ['each', () => String(state.each), among(() => (eachOptions().length > 0 ? eachOptions() : [null]), setEach)],
    ['panels', () => state.panels ?? 'none', among(() => ['none', ...panelAxes()], axis => {
      state.panels = axis === 'none' ? null : axis;
    })],
    ...state.filters.view(),
    ['logalong', () => (state.logAlong ? '1' : '0'), flag(log => {
      state.logAlong = log;
    })],
    ['from', () => String(state.low ?? ''), maybeNumber(value => {
      state.low = value;
    })],
    ['to', () => String(state.high ?? ''), maybeNumber(value => {
      state.high = value;
    })],
    ['hidden', () => [...state.hidden].join('|'), hide],
  ]);

  function hide(text) {
    const values = state.each === null ? [] : run.axisValues[state.each];
    const found = text === '' ? [] : text.split('|').map(wanted => values.find(value => String(value) === wanted));
    state.hidden = new Set(found.filter(value => value !== undefined));
    return state.hidden.size === found.length;
  }

  function axisTitle(axis) {
    return axis === RATIO ? 'depth over width L/M' : titled(axis);
  }

  function controls() {
    const change = take => value => {
      take(value);
      render();
    };
    const list = [...state.choice.controls()];
    list.push(select('along', alongOptions().map(axis => [axis, axisTitle(axis)]), state.along, change(setAlong)));
    if (eachOptions().length > 1) {
      list.push(select('a line for each', eachOptions().map(axis => [axis, titled(axis)]), state.each, change(setEach)));
    }
    if (panelAxes().length > 0) {
      list.push(select('a panel for each', [[null, 'one panel only'], ...panelAxes().map(axis => [axis, titled(axis)])],
        state.panels, change(axis => {
          state.panels = axis;
        })));
    }
    list.push(
      ...state.filters.controls(free()),
      field('values from', state.low, change(value => {
        state.low = value;
      })),
      field('values to', state.high, change(value => {
        state.high = value;
      })),
      tick('logarithmic values', shown.log, change(wish => {
        state.choice.wish = wish;
      })),
      tick('logarithmic axis', state.logAlong, change(log => {
        state.logAlong = log;
      })),
      ...picture.buttons());
    return list;
  }

  function x(row) {
    return state.along === RATIO ? run.get('depth', row) / run.get('width', row) : run.get(state.along, row);
  }

  /** A panel: its lines, each a value of the axis that tells them apart, and its rows from left to right. */
  function panelOf(value) {
    const fixed = { ...state.filters.fixed(free()), ...(state.panels === null ? {} : { [state.panels]: value }) };
    const groups = new Map(state.each === null ? [[null, []]] : run.axisValues[state.each].map(v => [v, []]));
    rowsWith(fixed).forEach(row => groups.get(state.each === null ? null : run.get(state.each, row)).push(row));
    const lines = [...groups].filter(([, rows]) => rows.length > 0)
      .map(([each, rows]) => ({ value: each, rows: rows.sort((a, b) => x(a) - x(b)) }));
    return { value, fixed, lines };
  }

  function gather() {
    const panels = panelValues(state.panels).map(panelOf).filter(panel => panel.lines.length > 0);
    const values = [...new Set(panels.flatMap(panel => panel.lines.map(one => one.value)))];
    values.sort((a, b) => (state.each === null ? 0 : run.axisValues[state.each].indexOf(a) - run.axisValues[state.each].indexOf(b)));
    const stride = Math.ceil(values.length / MOST_LINES);
    const picked = values.filter((_, k) => k % stride === 0);
    const visible = picked.filter(value => !state.hidden.has(value));
    panels.forEach(panel => {
      panel.lines = panel.lines.filter(one => visible.includes(one.value))
        .map(one => ({ ...one, points: one.rows.map(row => ({ row, x: x(row), ...reading(state.choice, row) })) }));
    });
    const known = panels.flatMap(panel => panel.lines.flatMap(one => one.points)).filter(p => Number.isFinite(p.value));
    const log = state.choice.log(spansDecades(known));
    const seen = known.filter(p => p.value !== null && (!log || p.value > 0));
    const logAlong = state.logAlong && seen.every(p => p.x > 0);
    return {
      panels,
      picked,
      omitted: values.length - picked.length,
      log,
      xLimits: limits(seen.map(p => p.x), logAlong, 0.02),
      yLimits: chosen(limits(seen.flatMap(p => [p.value, p.low, p.high]), log, 0.05), state, log),
      logAlong,
    };
  }

  function render() {
    shown = gather();
    replaceControls(byId('curves-controls'), controls());
    byId('curves-note').textContent = state.choice.note() + panelNote(state.panels)
      + (shown.omitted > 0 ? ` ${shown.picked.length} of ${shown.picked.length + shown.omitted} lines are drawn.` : '')
      + shown.yLimits.problem;
    picture.place.setAttribute('aria-label', words());
    drawLegend();
    picture.render();
    view.save();
  }

  function words() {
    return `${state.choice.label} along ${axisTitle(state.along)}: ${shown.picked.length} lines; the table below has the numbers`;
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
    const shape = v => (log ? Math.log(v) : v);
    const low = shape(finite.reduce((a, b) => Math.min(a, b)));
    const high = shape(finite.reduce((a, b) => Math.max(a, b)));
    const margin = room * (high - low) || (log ? 0.5 : 0.1 * Math.abs(high) || 1);
    return [low - margin, high + margin].map(v => (log ? Math.exp(v) : v));
  }

  function colour(value, dark) {
    const { picked } = shown;
    const shades = run.colours.standard.sequential;
    const t = picked.length === 1 ? 0.3 : picked.indexOf(value) / (picked.length - 1);
    // Neither end of the gradient may sink into the page.
    return shades[Math.round((dark ? 0.25 + 0.75 * t : 0.85 * t) * (shades.length - 1))];
  }

  function draw(sheet) {
    const { panels, log, logAlong, xLimits, yLimits } = shown;
    const others = varying().filter(axis => !free().includes(axis));
    const header = others.map(axis => named(axis, state.filters.values[axis])).join(', ');
    const layout = panelPlaces(sheet, panels.length, header === '' ? 0 : 1.5 * sheet.size, 0.6 * sheet.size);
    const parts = header === '' ? [] : [line(sheet, layout.left, sheet.size, header)];
    const drawn = panels.map((panel, k) => {
      const place = layout.places[k];
      const xs = scaleOf(...xLimits, place.x, place.x + place.width, logAlong, state.along !== RATIO && isWhole(state.along));
      const ys = scaleOf(...yLimits, place.y + place.height, place.y, log);
      return { panel, place, xs, ys, clip: `${sheet.name}-clip-${k}` };
    });
    const kinds = new Set();
    for (const one of drawn) {
      const { place, panel, xs, ys, clip } = one;
      const frame = frameOf(sheet, { ...place, xs, ys, lines: true });
      const box = { x: at(place.x), y: at(place.y), width: at(place.width), height: at(place.height) };
      parts.push(mark('clipPath', { id: clip }, mark('rect', box)), ...frame.under,
        mark('g', { 'clip-path': `url(#${clip})` },
          panel.lines.map(each => lineOf(sheet, one, each, kinds)), theoryOf(sheet, one, kinds)),
        ...frame.over);
      if (state.panels !== null) {
        parts.push(line(sheet, place.x, place.y - 0.5 * sheet.size, named(state.panels, panel.value)));
      }
    }
    if (!sheet.still) {
      shown.drawn = drawn;
    }
    parts.push(...axisNames(sheet, layout, axisTitle(state.along), state.choice.label));
    const key = keyOf(sheet, entries(sheet, kinds), { x: layout.left, y: layout.bottom + 0.4 * sheet.size, width: sheet.width - layout.left });
    return rootOf(sheet, layout.bottom + key.height + 0.8 * sheet.size, words(), parts, key.node);
  }

  /** A line with its marks and intervals, and the exact moments over it. */
  function lineOf(sheet, { xs, ys, panel }, { value, points }, kinds) {
    const { log } = shown;
    const drawable = v => Number.isFinite(v) && v !== null && (!log || v > 0);
    const shade = colour(value, sheet.dark);
    const known = points.filter(p => drawable(p.value));
    const r = (known.length > 40 ? 0.12 : 0.24) * sheet.size;
    const place = p => [xs(p.x), ys(p.value)];
    const join = places => `M${places.map(([a, b]) => `${at(a)} ${at(b)}`).join('L')}`;
    const whiskers = known.filter(p => !heavyTailed(p.row) && p.low !== null && p.high !== null && p.low < p.high)
      .map(p => {
        const from = log && !(p.low > 0) ? ys(ys.low) + 1e4 : ys(p.low);
        const to = Number.isFinite(p.high) ? ys(p.high) : -1e4;
        kinds.add('interval');
        return `M${at(xs(p.x) - 3)} ${at(from)}h6M${at(xs(p.x) - 3)} ${at(to)}h6M${at(xs(p.x))} ${at(from)}V${at(to)}`;
      });
    const marks = known.map(p => {
      if (heavyTailed(p.row)) {
        kinds.add('heavy');
        return signPath('triangle', ...place(p), 1.4 * r);
      }
      return signPath('heavy', ...place(p), r);
    });
    if (known.length < points.length) {
      kinds.add('missing');
    }
    const parts = known.length === 0 ? [] : [
      mark('path', { d: whiskers.join(''), fill: 'none', stroke: shade, 'stroke-width': 1.2 }),
      mark('path', { d: join(known.map(place)), fill: 'none', stroke: shade, 'stroke-width': 1.6, 'stroke-linejoin': 'round' }),
      mark('path', { d: marks.join(''), fill: shade }),
    ];
    const exact = points.map(p => [p.x, run.exact[p.row] ?? null]).filter(([, v]) => drawable(v));
    if (state.choice.measure.column === 'ratio' && exact.length > 1) {
      kinds.add('exact');
      parts.push(mark('path', { d: join(exact.map(([a, v]) => [xs(a), ys(v)])), ...theoryLine(sheet, 'exact') }));
    }
    return parts;
  }

  function theoryLine(sheet, kind) {
    return {
      exact: { fill: 'none', stroke: sheet.ink, 'stroke-width': 1.2, 'stroke-dasharray': '4 4' },
      limit: { fill: 'none', stroke: sheet.ink, 'stroke-width': 2, 'stroke-dasharray': '0 4', 'stroke-linecap': 'round' },
      border: { fill: 'none', stroke: sheet.ink, 'stroke-width': 1.2, 'stroke-dasharray': '8 3 2 3' },
    }[kind];
  }

  /** The limit of wide ReLU networks at fixed L/M (σ_w² = 2, σ_b² = 0), and the border χ₁ = 1 along σ_w² if all lines have the same. */
  function theoryOf(sheet, { panel, xs, ys, place }, kinds) {
    const parts = [];
    const values = axis => (axis in panel.fixed ? [panel.fixed[axis]] : panel.lines.map(one => one.value));
    if (state.along === RATIO && state.choice.measure.column === 'ratio' && run.limit.length > 0
      && values('activation').includes('relu') && values('sigma_w2').includes(2) && values('sigma_b2').includes(0)) {
      kinds.add('limit');
      const d = `M${run.limit.map(([a, v]) => `${at(xs(a))} ${at(ys(v))}`).join('L')}`;
      parts.push(mark('path', { d, ...theoryLine(sheet, 'limit') }));
    }
    if (state.along === 'sigma_w2' && !['activation', 'sigma_b2'].includes(state.each)) {
      const w = border(panel.fixed.activation ?? run.axisValues.activation[0], panel.fixed.sigma_b2 ?? run.axisValues.sigma_b2[0]);
      if (w !== undefined && w > xs.low && w < xs.high) {
        kinds.add('border');
        parts.push(mark('path', { d: `M${at(xs(w))} ${at(place.y)}v${at(place.height)}`, ...theoryLine(sheet, 'border') }));
      }
    }
    return parts;
  }

  function entries(sheet, kinds) {
    const list = [];
    // On the screen the lines are named by the buttons that hide them.
    if (sheet.still && state.each !== null) {
      shown.picked.filter(value => !state.hidden.has(value)).forEach(value => list.push([
        strokeSample(sheet, { stroke: colour(value, sheet.dark), 'stroke-width': 1.6 }), named(state.each, value)]));
    }
    const upright = (x, y) => mark('path', {
      d: `M${at(x)} ${at(y - 6)}v12M${at(x - 3)} ${at(y - 6)}h6M${at(x - 3)} ${at(y + 6)}h6`, fill: 'none', stroke: sheet.ink,
    });
    const theory = kind => strokeSample(sheet, theoryLine(sheet, kind));
    const all = {
      interval: [upright, run.quantity === 'kernel_change' ? 'range over initialisations' : '95 % interval'],
      heavy: [(x, y) => mark('path', { d: signPath('triangle', x, y, 0.35 * sheet.size), fill: sheet.ink }),
        'heavy tail: no interval can be trusted'],
      exact: [theory('exact'), 'exact moments of the finite network'],
      limit: [theory('limit'), 'limit of wide networks at fixed L/M'],
      border: [theory('border'), 'border between ordered and chaotic phase, χ₁ = 1'],
    };
    list.push(...Object.keys(all).filter(kind => kinds.has(kind)).map(kind => all[kind]));
    if (kinds.has('missing')) {
      const count = shown.panels.flatMap(p => p.lines.flatMap(one => one.points))
        .filter(p => !(Number.isFinite(p.value) && p.value !== null && (!shown.log || p.value > 0))).length;
      list.push([() => '', `${count} cells without a ${shown.log ? 'positive' : 'finite'} number are left out`]);
    }
    return list;
  }

  /** The row of the mark nearest to a place on the screen, if one is near. */
  function nearest(px, py) {
    let best = { distance: 14 };
    for (const { panel, xs, ys } of shown.drawn ?? []) {
      for (const p of panel.lines.flatMap(one => one.points)) {
        const distance = p.value === null ? Infinity : Math.hypot(xs(p.x) - px, ys(p.value) - py);
        best = distance < best.distance ? { distance, row: p.row } : best;
      }
    }
    return best.row;
  }

  function drawLegend() {
    const dark = document.documentElement.dataset.theme === 'dark';
    const buttons = state.each === null ? [] : shown.picked.map((value, k) => {
      const swatch = element('span', { className: 'swatch' });
      swatch.style.background = colour(value, dark);
      const button = element('button', { type: 'button', 'aria-pressed': String(!state.hidden.has(value)) },
        swatch, element('span', {}, rich(named(state.each, value))));
      button.addEventListener('click', () => {
        state.hidden.has(value) ? state.hidden.delete(value) : state.hidden.add(value);
        render();
        byId('curves-legend').children[k].focus();
      });
      return button;
    });
    byId('curves-legend').replaceChildren(...buttons);
  }

  return { state, render, legend: drawLegend };
})();
