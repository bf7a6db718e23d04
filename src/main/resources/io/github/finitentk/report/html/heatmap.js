// The map: one quantity over two axes, by colour.

const map = (() => {
  const place = byId('map-chart');
  const numeric = varying().filter(axis => axis !== 'activation');
  const prefer = ['sigma_w2', 'depth', 'width', 'sigma_b2'].filter(axis => numeric.includes(axis));
  const state = {
    choice: new Choice(render),
    filters: new Filters(render, 0),
    style: 'standard',
    across: prefer[0],
    up: prefer[1],
    logUp: false,
    cursor: null,
  };
  if (prefer.length < 2) {
    byId('map').hidden = true;
    document.querySelector('nav a[href="#map"]').hidden = true;
    return { state };
  }
  let shown = null;
  const picture = chart(place, render);
  picture.drawn.on('click', { seriesId: 'cells' }, event => moveTo(shown.cells[event.dataIndex]));
  place.addEventListener('keydown', move);
  place.addEventListener('focus', () => moveTo(state.cursor ?? shown.cells[0]));

  function controls() {
    const axes = numeric.map(axis => [axis, `${AXES[axis].title} ${AXES[axis].symbol}`]);
    const pick = name => axis => {
      const other = name === 'across' ? 'up' : 'across';
      if (state[other] === axis) {
        state[other] = state[name];
      }
      state[name] = axis;
      state.cursor = null;
      render();
    };
    const list = [...state.choice.controls(), ...state.filters.controls([state.across, state.up])];
    if (numeric.length > 2) {
      list.push(select('across', axes, state.across, pick('across')), select('up', axes, state.up, pick('up')));
    }
    list.push(
      select('colours', [['standard', 'standard'], ['paper', "the paper's"]], state.style, style => {
        state.style = style;
        render();
      }),
      tick('logarithmic colours', state.choice.log(), log => {
        state.choice.wish = log;
        render();
      }),
      tick(`logarithmic ${AXES[state.up].symbol}`, state.logUp, log => {
        state.logUp = log;
        render();
      }));
    return list;
  }

  /** Where cells meet: half way between their centres, as seen on the axis. */
  function edges(values, log) {
    const at = values.map(v => (log ? Math.log(v) : v));
    const n = at.length;
    const inner = at.slice(1).map((v, k) => (at[k] + v) / 2);
    const all = n === 1
      ? [at[0] - 0.5, at[0] + 0.5]
      : [2 * at[0] - inner[0], ...inner, 2 * at[n - 1] - inner[n - 2]];
    return log ? all.map(Math.exp) : all;
  }

  function gather() {
    const { choice, across, up } = state;
    const fixed = state.filters.fixed([across, up]);
    // A run may be a union of grids: only what occurs together with the fixed values.
    const rows = rowsWith(fixed);
    const occurring = axis => run.axisValues[axis].filter(value => rows.some(row => run.get(axis, row) === value));
    const xs = occurring(across);
    const ys = occurring(up);
    const cells = [];
    ys.forEach((y, j) => xs.forEach((x, i) => {
      const row = run.find({ ...fixed, [across]: x, [up]: y });
      if (row !== undefined) {
        cells.push({ i, j, row, ...reading(choice, row) });
      }
    }));
    // Equal limits whatever is filtered, so that pictures can be compared.
    const all = run.rows().map(row => reading(choice, row).value);
    return {
      cells,
      xs,
      ys,
      xEdges: edges(xs, false),
      yEdges: edges(ys, state.logUp && ys[0] > 0),
      scale: colourScale(choice.measure, all, state.style, choice.log()),
    };
  }

  function render() {
    replaceControls(byId('map-controls'), controls());
    shown = gather();
    const { cells, xEdges, yEdges, scale } = shown;
    const log = state.logUp && shown.ys[0] > 0;
    byId('map-note').textContent = state.choice.note();
    byId('map-up').replaceChildren(...rich(`${AXES[state.up].title} ${AXES[state.up].symbol}`).flat());
    byId('map-across').replaceChildren(...rich(`${AXES[state.across].title} ${AXES[state.across].symbol}`).flat());
    drawColourBar(byId('map-bar'), scale, state.choice.label);
    drawKey();
    picture.drawn.setOption(frame({
      tooltip: { ...frame({}).tooltip, formatter: event => tip(shown.cells[event.dataIndex]) },
      xAxis: numberAxis(xEdges[0], xEdges[xEdges.length - 1], false, { z: 10 }),
      yAxis: numberAxis(yEdges[0], yEdges[yEdges.length - 1], log, { z: 10 }),
      series: [
        {
          id: 'cells',
          type: 'custom',
          clip: true,
          renderItem: (_, api) => drawCell(cells[api.value(2)], scale, api),
          encode: { x: 0, y: 1 },
          data: cells.map(({ i, j }, k) => [shown.xs[i], shown.ys[j], k]),
        },
        ...borderLine(log),
        { id: 'cursor', type: 'custom', silent: true, z: 8, renderItem: drawCursor, data: cursorData() },
      ],
    }), { notMerge: true });
    say();
  }

  function tip(cell) {
    return element('div', {}, description(cell.row, state.choice));
  }

  function box(cell, api) {
    const [left, top] = api.coord([shown.xEdges[cell.i], shown.yEdges[cell.j + 1]]);
    const [right, bottom] = api.coord([shown.xEdges[cell.i + 1], shown.yEdges[cell.j]]);
    return { x: left, y: top, width: right - left, height: bottom - top };
  }

  function drawCell(cell, scale, api) {
    const shape = box(cell, api);
    const known = cell.value !== null && !Number.isNaN(cell.value);
    const fill = known ? scale.colour(cell.value) : ink('empty');
    // A hair larger than the cell: no seam may show between neighbours.
    const grown = { ...shape, width: shape.width + 0.4, height: shape.height + 0.4 };
    const parts = [{ type: 'rect', shape: grown, style: { fill } }];
    const sign = signOf(cell);
    if (sign) {
      parts.push(drawSign(sign, shape, known ? fill : '#ffffff'));
    }
    return { type: 'group', children: parts };
  }

  function signOf(cell) {
    if (run.get('status', cell.row) === 'failed') {
      return 'failed';
    }
    if (cell.value === Infinity || run.get('status', cell.row) === 'diverged') {
      return 'diverged';
    }
    return heavyTailed(cell.row) ? 'heavy' : unstable(cell.row) ? 'unstable' : null;
  }

  function drawSign(sign, { x, y, width, height }, fill) {
    const cx = x + width / 2;
    const cy = y + height / 2;
    const r = 0.22 * Math.min(width, height, 14);
    const colour = contrast(fill);
    if (sign === 'heavy' || sign === 'unstable') {
      const style = sign === 'heavy' ? { fill: colour } : { fill: 'none', stroke: colour, lineWidth: 1.2 };
      return { type: 'circle', shape: { cx, cy, r }, style };
    }
    const cross = sign === 'diverged'
      ? `M${cx - r} ${cy - r}L${cx + r} ${cy + r}M${cx - r} ${cy + r}L${cx + r} ${cy - r}`
      : `M${cx - r} ${cy}L${cx + r} ${cy}`;
    return { type: 'path', shape: { pathData: cross }, style: { fill: 'none', stroke: colour, lineWidth: 1.2 } };
  }

  function contrast(colour) {
    const [r, g, b] = [1, 3, 5].map(k => parseInt(colour.slice(k, k + 2), 16));
    return 0.299 * r + 0.587 * g + 0.114 * b > 140 ? '#000000' : '#ffffff';
  }

  function drawKey() {
    const entries = [];
    const signs = new Set(shown.cells.map(signOf));
    const words = {
      heavy: '● heavy tail: too low more often than not',
      unstable: '○ learning rate above the largest stable one',
      diverged: '✕ diverged',
      failed: '– failed',
    };
    if (border(state.filters.values.activation, state.filters.values.sigma_b2) !== undefined) {
      entries.push(['line', 'border between ordered and chaotic phase, χ₁ = 1']);
    }
    entries.push(...Object.keys(words).filter(sign => signs.has(sign)).map(sign => words[sign]));
    byId('map-key').replaceChildren(...keyEntries(entries));
  }

  /** The border χ₁ = 1, where it can be drawn: if σ_w² is one of the axes. */
  function borderPoints() {
    const { across, up, filters } = state;
    const activation = filters.values.activation;
    const place = { across: shown.xEdges, up: shown.yEdges };
    const along = across === 'sigma_w2' ? 'up' : up === 'sigma_w2' ? 'across' : null;
    if (along === null) {
      return [];
    }
    const points = state[along] === 'sigma_b2'
      ? run.axisValues.sigma_b2.map(b => [border(activation, b), b])
      : [place[along][0], place[along][place[along].length - 1]].map(end => [border(activation, filters.values.sigma_b2), end]);
    return points.filter(([w]) => w !== undefined).map(([w, other]) => (along === 'up' ? [w, other] : [other, w]));
  }

  function borderLine() {
    const points = borderPoints();
    if (points.length < 2) {
      return [];
    }
    const line = (id, colour, width, type) => ({
      id,
      type: 'line',
      silent: true,
      symbol: 'none',
      clip: true,
      z: 6,
      lineStyle: { color: colour, width, type, cap: 'butt' },
      data: points,
    });
    const label = {
      type: 'scatter',
      silent: true,
      clip: false,
      symbolSize: 1,
      z: 9,
      itemStyle: { color: 'transparent' },
      label: { show: true, formatter: 'χ₁ = 1', position: 'top', color: ink('ink'), fontSize: 13 },
      data: [points[points.length - 1]],
    };
    const lines = [line('border', '#000000', 3, 'solid'), line('dashes', '#ffffff', 1.8, [6, 5])];
    return state.across === 'sigma_w2' ? [...lines, label] : lines;
  }

  function cursorData() {
    return state.cursor === null ? [] : [[shown.xs[state.cursor.i], shown.ys[state.cursor.j]]];
  }

  function drawCursor(_, api) {
    const shape = box(state.cursor, api);
    return {
      type: 'group',
      children: [
        { type: 'rect', shape, style: { fill: 'none', stroke: '#000000', lineWidth: 4 } },
        { type: 'rect', shape, style: { fill: 'none', stroke: '#ffffff', lineWidth: 2 } },
      ],
    };
  }

  function moveTo(cell) {
    if (cell) {
      state.cursor = { i: cell.i, j: cell.j };
      picture.drawn.setOption({ series: [{ id: 'cursor', data: cursorData(), renderItem: drawCursor }] });
      say();
    }
  }

  function move(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!step || state.cursor === null) {
      return;
    }
    event.preventDefault();
    // Over gaps in the grid to the next finished cell.
    let { i, j } = state.cursor;
    do {
      i += step[0];
      j += step[1];
    } while (i >= 0 && j >= 0 && i < shown.xs.length && j < shown.ys.length && !cellAt(i, j));
    moveTo(cellAt(i, j));
  }

  function cellAt(i, j) {
    return shown.cells.find(cell => cell.i === i && cell.j === j);
  }

  function say() {
    const cell = state.cursor === null ? undefined : cellAt(state.cursor.i, state.cursor.j);
    byId('map-cell').replaceChildren(...(cell ? description(cell.row, state.choice) : []));
    place.setAttribute('aria-label', `${state.choice.label} over ${AXES[state.across].title} and ${AXES[state.up].title}`);
  }

  return { state, render };
})();
