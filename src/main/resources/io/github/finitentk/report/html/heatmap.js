// The map: one quantity over two axes, by colour, with panels side by side for the values of a third.

const map = (() => {
  const numeric = varying().filter(axis => axis !== 'activation');
  const prefer = ['sigma_w2', 'depth', 'width', 'sigma_b2'].filter(axis => numeric.includes(axis));
  const state = {
    choice: new Choice(render),
    filters: new Filters(render, 0),
    style: 'standard',
    across: prefer[0],
    up: prefer[1],
    panels: varying().includes('activation') ? 'activation' : null,
    logUp: false,
    low: null,
    high: null,
    cursor: null,
  };
  if (prefer.length < 2) {
    byId('map').hidden = true;
    document.querySelector('nav a[href="#map"]').hidden = true;
    return { state };
  }
  let shown = null;
  const picture = new Picture('map', draw, (x, y) => cellBelow(x, y)?.row, row => description(row, state.choice));
  picture.place.addEventListener('click', event => moveTo(cellBelow(...picture.where(event))));
  picture.place.addEventListener('keydown', move);
  picture.place.addEventListener('focus', () => moveTo(cellAt(state.cursor) ?? shown.panels.find(p => p.cells.length > 0)?.cells[0]));

  function panelAxes() {
    return varying().filter(axis => axis !== state.across && axis !== state.up);
  }

  function free() {
    return [state.across, state.up, ...(state.panels === null ? [] : [state.panels])];
  }

  function setAxis(name, axis) {
    const other = name === 'across' ? 'up' : 'across';
    if (state[other] === axis) {
      state[other] = state[name];
    }
    state[name] = axis;
    state.panels = panelAxes().includes(state.panels) ? state.panels : null;
    state.cursor = null;
  }

  view.part('map', [
    ...state.choice.view(),
    ['across', () => state.across, among(() => numeric, axis => setAxis('across', axis))],
    ['up', () => state.up, among(() => numeric, axis => setAxis('up', axis))],
    ['panels', () => state.panels ?? 'none', among(() => ['none', ...panelAxes()], axis => {
      state.panels = axis === 'none' ? null : axis;
    })],
    ...state.filters.view(),
    ['style', () => state.style, among(() => Object.keys(run.colours), style => {
      state.style = style;
    })],
    ['logup', () => (state.logUp ? '1' : '0'), flag(log => {
      state.logUp = log;
    })],
    ['from', () => String(state.low ?? ''), maybeNumber(value => {
      state.low = value;
    })],
    ['to', () => String(state.high ?? ''), maybeNumber(value => {
      state.high = value;
    })],
  ]);

  function controls() {
    const axes = numeric.map(axis => [axis, titled(axis)]);
    const change = take => value => {
      take(value);
      render();
    };
    const list = [...state.choice.controls()];
    if (panelAxes().length > 0) {
      list.push(select('a panel for each', [[null, 'one panel only'], ...panelAxes().map(axis => [axis, titled(axis)])],
        state.panels, change(axis => {
          state.panels = axis;
          state.cursor = null;
        })));
    }
    list.push(...state.filters.controls(free()));
    if (numeric.length > 2) {
      list.push(select('across', axes, state.across, change(axis => setAxis('across', axis))),
        select('up', axes, state.up, change(axis => setAxis('up', axis))));
    }
    list.push(
      select('colours', [['standard', 'standard'], ['paper', "the paper's"]], state.style, change(style => {
        state.style = style;
      })),
      field('colours from', state.low, change(value => {
        state.low = value;
      })),
      field('colours to', state.high, change(value => {
        state.high = value;
      })),
      tick('logarithmic colours', state.choice.log(), change(log => {
        state.choice.wish = log;
      })),
      tick(`logarithmic ${AXES[state.up].symbol}`, state.logUp, change(log => {
        state.logUp = log;
      })),
      ...picture.buttons());
    return list;
  }

  /** Where cells meet: half way between their centres, as seen on the axis. */
  function edges(values, log) {
    const places = values.map(v => (log ? Math.log(v) : v));
    const n = places.length;
    const inner = places.slice(1).map((v, k) => (places[k] + v) / 2);
    const all = n === 1
      ? [places[0] - 0.5, places[0] + 0.5]
      : [2 * places[0] - inner[0], ...inner, 2 * places[n - 1] - inner[n - 2]];
    return log ? all.map(Math.exp) : all;
  }

  /** A panel: the cells whose other parameters are fixed. */
  function panelOf(value, log) {
    const { choice, across, up, panels } = state;
    const fixed = { ...state.filters.fixed(free()), ...(panels === null ? {} : { [panels]: value }) };
    const rows = rowsWith(fixed);
    const sorted = axis => [...new Set(rows.map(row => run.get(axis, row)))].sort((a, b) => a - b);
    // A run may be a union of grids: only what occurs together with the fixed values.
    const [xs, ys] = [sorted(across), sorted(up)];
    const [columns, lines] = [xs, ys].map(values => new Map(values.map((v, k) => [v, k])));
    const cells = [];
    const places = new Map();
    for (const row of rows) {
      const cell = { i: columns.get(run.get(across, row)), j: lines.get(run.get(up, row)), row, ...reading(choice, row) };
      places.set(cell.j * xs.length + cell.i, cell);
      cells.push(cell);
    }
    cells.sort((a, b) => a.j - b.j || a.i - b.i);
    return { value, fixed, cells, places, xs, ys, xEdges: edges(xs, false), yEdges: edges(ys, log) };
  }

  function gather() {
    const log = state.logUp && run.axisValues[state.up][0] > 0;
    const panels = panelValues(state.panels).map(value => panelOf(value, log)).filter(panel => panel.cells.length > 0);
    panels.forEach((panel, k) => panel.cells.forEach(cell => {
      cell.panel = k;
    }));
    // Equal limits whatever is fixed, so that pictures can be compared.
    const all = run.rows().map(row => reading(state.choice, row).value);
    const scale = colourScale(state.choice.measure, all, state.style, state.choice.log(), state);
    return { panels, log, scale };
  }

  function render() {
    shown = gather();
    replaceControls(byId('map-controls'), controls());
    byId('map-note').textContent = state.choice.note() + panelNote(state.panels) + shown.scale.problem;
    picture.render();
    say();
    view.save();
  }

  function words() {
    return `${state.choice.label} over ${AXES[state.across].title} and ${AXES[state.up].title}`;
  }

  /** The picture on a sheet; places of the panels on the screen are kept for the pointer. */
  function draw(sheet) {
    const { panels, scale, log } = shown;
    const others = varying().filter(axis => !free().includes(axis));
    const header = others.map(axis => named(axis, state.filters.values[axis])).join(', ');
    const top = header === '' ? 0 : 1.5 * sheet.size;
    const layout = panelPlaces(sheet, panels.length, top, 8.5 * sheet.size);
    const limits = name => [Math.min(...panels.map(p => p[name][0])), Math.max(...panels.map(p => p[name][p[name].length - 1]))];
    const [xLimits, yLimits] = [limits('xEdges'), limits('yEdges')];
    const parts = [hatching(sheet)];
    if (header !== '') {
      parts.push(line(sheet, layout.left, sheet.size, header));
    }
    const drawn = panels.map((panel, k) => {
      const place = layout.places[k];
      const xs = scaleOf(...xLimits, place.x, place.x + place.width, false, isWhole(state.across));
      const ys = scaleOf(...yLimits, place.y + place.height, place.y, log, isWhole(state.up));
      return { panel, place, xs, ys };
    });
    for (const one of drawn) {
      const frame = frameOf(sheet, { ...one.place, xs: one.xs, ys: one.ys });
      parts.push(...cellsOf(sheet, one, scale), ...borderOf(sheet, one), ...frame.over);
      if (state.panels !== null) {
        parts.push(line(sheet, one.place.x, one.place.y - 0.5 * sheet.size, named(state.panels, one.panel.value)));
      }
    }
    if (!sheet.still) {
      shown.drawn = drawn;
      shown.cursor = mark('g', { class: 'cursor' });
      parts.push(shown.cursor);
    }
    parts.push(...axisNames(sheet, layout, titled(state.across), titled(state.up)));
    parts.push(colourBar(sheet, scale, state.choice.label,
      { x: layout.right + 1.2 * sheet.size, y: layout.from, height: layout.to - layout.from }));
    const key = keyOf(sheet, entries(sheet), { x: layout.left, y: layout.bottom + 0.4 * sheet.size, width: sheet.width - layout.left });
    if (!sheet.still) {
      drawCursor();
    }
    return rootOf(sheet, layout.bottom + key.height + 0.8 * sheet.size, words(), parts, key.node);
  }

  function boxOf({ panel, xs, ys }, cell) {
    const [left, right] = [xs(panel.xEdges[cell.i]), xs(panel.xEdges[cell.i + 1])];
    const [low, high] = [ys(panel.yEdges[cell.j]), ys(panel.yEdges[cell.j + 1])];
    return { x: left, y: high, width: right - left, height: low - high };
  }

  /** One path for each colour, and one for each sign in black or white: a map of many cells stays a small picture. */
  function cellsOf(sheet, one, scale) {
    const { place, panel } = one;
    const fills = new Map();
    const signs = new Map();
    const add = (paths, key, path) => paths.set(key, (paths.get(key) ?? '') + path);
    for (const cell of panel.cells) {
      const { x, y, width, height } = boxOf(one, cell);
      const known = cell.value !== null && !Number.isNaN(cell.value);
      const fill = known ? scale.colour(cell.value) : sheet.empty;
      // A hair larger than the cell: no seam may show between neighbours.
      add(fills, fill, `M${at(x)} ${at(y)}h${at(width + 0.3)}v${at(height + 0.3)}h${at(-width - 0.3)}z`);
      const sign = signOf(cell.row, cell.value);
      if (sign) {
        const path = signPath(sign, x + width / 2, y + height / 2, 0.22 * Math.min(width, height, 1.1 * sheet.size));
        add(signs, `${sign} ${contrast(fill)}`, path);
      }
    }
    const box = { x: at(place.x), y: at(place.y), width: at(place.width), height: at(place.height) };
    const clip = `${sheet.name}-clip-${shown.panels.indexOf(panel)}`;
    one.clip = `url(#${clip})`;
    return [
      mark('clipPath', { id: clip }, mark('rect', box)),
      mark('rect', { ...box, fill: `url(#${sheet.name}-hatch)` }),
      mark('g', { 'clip-path': one.clip },
        [...fills].map(([fill, d]) => mark('path', { fill, d })),
        [...signs].map(([key, d]) => mark('path', { d, ...signStyle(...key.split(' ')) }))),
    ];
  }

  function hasGaps({ xs, ys, cells, xEdges, yEdges }) {
    const ends = edges => [edges[0], edges[edges.length - 1]].join();
    return cells.length < xs.length * ys.length
      || shown.panels.some(other => ends(other.xEdges) !== ends(xEdges) || ends(other.yEdges) !== ends(yEdges));
  }

  function entries(sheet) {
    const list = [];
    if (shown.panels.some(panel => borderPoints(panel).length > 1)) {
      list.push([(x, y) => mark('g', {}, borderLines(`M${at(x - 0.8 * sheet.size)} ${at(y)}h${at(1.6 * sheet.size)}`)),
        'border between ordered and chaotic phase, χ₁ = 1']);
    }
    const signs = new Set(shown.panels.flatMap(panel => panel.cells.map(cell => signOf(cell.row, cell.value))));
    for (const sign of Object.keys(SIGNS).filter(known => signs.has(known))) {
      list.push([signSample(sheet, sign), SIGNS[sign]]);
    }
    if (shown.panels.some(hasGaps)) {
      list.push([hatchSample(sheet), 'not computed']);
    }
    return list;
  }

  /** The border χ₁ = 1, where it can be drawn: if σ_w² is one of the axes. */
  function borderPoints({ fixed, xEdges, yEdges }) {
    const { across, up } = state;
    const place = { across: xEdges, up: yEdges };
    const along = across === 'sigma_w2' ? 'up' : up === 'sigma_w2' ? 'across' : null;
    const activation = fixed.activation ?? run.axisValues.activation[0];
    if (along === null) {
      return [];
    }
    const points = state[along] === 'sigma_b2'
      ? run.axisValues.sigma_b2.map(b => [border(activation, b), b])
      : [place[along][0], place[along][place[along].length - 1]]
        .map(end => [border(activation, fixed.sigma_b2 ?? run.axisValues.sigma_b2[0]), end]);
    return points.filter(([w]) => w !== undefined).map(([w, other]) => (along === 'up' ? [w, other] : [other, w]));
  }

  function borderOf(sheet, { panel, xs, ys, clip }) {
    const points = borderPoints(panel);
    if (points.length < 2) {
      return [];
    }
    return [mark('g', { 'clip-path': clip }, borderLines(`M${points.map(([x, y]) => `${at(xs(x))} ${at(ys(y))}`).join('L')}`))];
  }

  function borderLines(d) {
    return [
      mark('path', { d, fill: 'none', stroke: '#000000', 'stroke-width': 3 }),
      mark('path', { d, fill: 'none', stroke: '#ffffff', 'stroke-width': 1.6, 'stroke-dasharray': '6 5' }),
    ];
  }

  function cellBelow(x, y) {
    const one = shown.drawn?.find(({ place }) =>
      x >= place.x && x <= place.x + place.width && y >= place.y && y <= place.y + place.height);
    if (!one) {
      return undefined;
    }
    const below = (edges, value) => edges.findIndex((edge, k) => edge <= value && value < edges[k + 1]);
    const { panel } = one;
    return panel.places.get(below(panel.yEdges, one.ys.back(y)) * panel.xs.length + below(panel.xEdges, one.xs.back(x)));
  }

  function cellAt(cursor) {
    const panel = cursor === null ? undefined : shown.panels[cursor.panel];
    const inside = panel && cursor.i >= 0 && cursor.j >= 0 && cursor.i < panel.xs.length && cursor.j < panel.ys.length;
    return inside ? panel.places.get(cursor.j * panel.xs.length + cursor.i) : undefined;
  }

  function drawCursor() {
    const cell = cellAt(state.cursor);
    const one = cell && shown.drawn[cell.panel];
    const box = one && Object.fromEntries(Object.entries(boxOf(one, cell)).map(([key, value]) => [key, at(value)]));
    shown.cursor.replaceChildren(...(box
      ? [['#000000', 4], ['#ffffff', 2]].map(([stroke, width]) => mark('rect', { ...box, fill: 'none', stroke, 'stroke-width': width }))
      : []));
  }

  function moveTo(cell) {
    if (cell) {
      state.cursor = { panel: cell.panel, i: cell.i, j: cell.j };
      drawCursor();
      say();
    }
  }

  function move(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!step || state.cursor === null) {
      return;
    }
    event.preventDefault();
    // Over gaps in the grid to the next finished cell, and sideways into the next panel.
    let { panel, i, j } = state.cursor;
    do {
      i += step[0];
      j += step[1];
      const next = panel + (i < 0 ? -1 : i >= shown.panels[panel].xs.length ? 1 : 0);
      if (next !== panel && shown.panels[next]) {
        i = i < 0 ? shown.panels[next].xs.length - 1 : 0;
        panel = next;
      }
    } while (i >= 0 && j >= 0 && i < shown.panels[panel].xs.length && j < shown.panels[panel].ys.length
      && !cellAt({ panel, i, j }));
    moveTo(cellAt({ panel, i, j }));
  }

  function say() {
    const cell = cellAt(state.cursor);
    byId('map-cell').replaceChildren(...(cell ? description(cell.row, state.choice) : []));
    picture.place.setAttribute('aria-label', words());
  }

  return { state, render };
})();
