// The run: columns by name, cells by their parameters.

const data = JSON.parse(byId('data').textContent);

/** The parameters of cells by name: {title, symbol}. */
const AXES = Object.fromEntries(data.axes.map(axis => [axis.name, axis]));

const run = (() => {
  // JSON has no infinities: they come as texts, among numbers only.
  const decoded = value => (value === 'Infinity' ? Infinity : value === '-Infinity' ? -Infinity : value);
  const columns = new Map();
  for (const column of [...data.columns, ...data.derived]) {
    if (column.type === 'real') {
      column.values = column.values.map(decoded);
    } else if (column.type === 'reals') {
      column.values = column.values.map(list => (list === null ? null : list.map(decoded)));
    }
    columns.set(column.name, column);
  }
  const size = data.columns[0].values.length;
  const axisValues = {};
  for (const axis of Object.keys(AXES)) {
    const values = [...new Set(columns.get(axis).values)];
    axisValues[axis] = axis === 'activation' ? values : values.sort((a, b) => a - b);
  }
  const key = cell => Object.keys(AXES).map(axis => cell[axis]).join('\n');
  const places = new Map();
  const cellAt = row => Object.fromEntries(Object.keys(AXES).map(axis => [axis, columns.get(axis).values[row]]));
  for (let row = 0; row < size; row++) {
    places.set(key(cellAt(row)), row);
  }
  return {
    ...data,
    byName: columns,
    size,
    axisValues,
    exact: data.exact.map(decoded),
    cellAt,
    /** The row of a cell, undefined if it is not finished. */
    find: cell => places.get(key(cell)),
    get: (name, row) => (columns.has(name) ? columns.get(name).values[row] : null),
    rows: () => Array.from({ length: size }, (_, row) => row),
  };
})();

/** The rows whose parameters equal the given ones. */
function rowsWith(fixed) {
  const tests = Object.entries(fixed).map(([axis, value]) => [run.byName.get(axis).values, value]);
  return run.rows().filter(row => tests.every(([values, value]) => values[row] === value));
}

/** Axes with more than one value. */
function varying() {
  return Object.keys(AXES).filter(axis => run.axisValues[axis].length > 1);
}

/** What a choice of measure shows of a row: {value, low, high}. */
function reading(choice, row) {
  const value = run.get(choice.measure.column, row);
  if (Array.isArray(value)) {
    const end = name => (name ? run.get(name, row)?.[choice.entry] ?? null : null);
    return { value: value[choice.entry] ?? null, low: end(choice.measure.low), high: end(choice.measure.high) };
  }
  const { low, high } = choice.measure;
  return { value, low: low ? run.get(low, row) : null, high: high ? run.get(high, row) : null };
}

/** What the index of a list stands for: c₀ = 1, after 10 steps, network 2; undefined for plain columns. */
function entryName(name, entry) {
  const { index } = run.byName.get(name);
  const steps = index?.column ? run.byName.get(index.column)?.values.find(list => list !== null) : null;
  const value = (index?.values ?? steps)?.[entry];
  return value === undefined ? `${index?.symbol ?? 'entry'} ${entry + 1}` : `${index.symbol} = ${number(value)}`;
}

/** Whether a row's interval cannot be trusted. */
function heavyTailed(row) {
  return run.get('heavy_tailed', row) > 0;
}

/** Whether some training of a row took steps beyond the stable learning rate. */
function unstable(row) {
  return run.get('unstable', row) > 0;
}

/** The border between the phases at a bias variance, undefined if there is none. */
function border(activation, sigmaB2) {
  return run.borders.find(b => b.activation === activation && b.sigmaB2 === sigmaB2)?.sigmaW2;
}

/** Everything there is to say of a row, for tooltip and readout. */
function description(row, choice) {
  const { value, low, high } = reading(choice, row);
  const cell = run.cellAt(row);
  const lines = [
    element('div', {}, rich(Object.entries(cell)
      .map(([axis, value]) => named(axis, value)).join(', '))),
    element('div', { className: 'value' }, `${choice.label} = ${number(value)}`,
      low === null || high === null ? '' : low === high ? ' (exact)' : ` [${number(low)}, ${number(high)}]`),
  ];
  const more = [];
  const status = run.get('status', row);
  if (status !== 'ok') {
    more.push(status);
  }
  if (heavyTailed(row)) {
    more.push('heavy tail: too low more often than not, interval not to be trusted');
  }
  if (unstable(row)) {
    more.push('learning rate above the largest stable one');
  }
  const method = run.get('method', row);
  if (method) {
    more.push(`method: ${inWords('method', method)}`);
  }
  const stopped = run.get('stopped', row);
  if (stopped) {
    more.push(inWords('stopped', stopped));
  }
  const reason = run.get('reason', row);
  if (reason) {
    more.push(reason);
  }
  if (more.length > 0) {
    lines.push(element('div', {}, more.join('; ')));
  }
  return lines;
}
