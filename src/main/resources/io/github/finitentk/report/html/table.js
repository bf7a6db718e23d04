// All cells as a table: sorted by any column, page by page, and as CSV.

const table = (() => {
  const state = { column: null, falling: false, page: 0, length: 25, rows: run.rows() };
  const columns = run.columns;

  function compare(a, b) {
    // What is missing comes last in either order.
    if (a === null || b === null) {
      return a === b ? 0 : a === null ? 1 : -1;
    }
    const order = Array.isArray(a) ? a.length - b.length : a < b ? -1 : a > b ? 1 : 0;
    return state.falling ? -order : order;
  }

  function sortBy(column) {
    state.falling = state.column === column && !state.falling;
    state.column = column;
    state.page = 0;
    state.rows = run.rows().sort((a, b) => compare(column.values[a], column.values[b]) || a - b);
    render();
    byId('table').querySelector('th[aria-sort] button').focus();
  }

  function heading(column) {
    const arrow = state.column !== column ? '' : state.falling ? ' ▼' : ' ▲';
    const list = column.index ? entryNames(column) : '';
    const title = [column.description || column.name, list].filter(words => words !== '').join('; ');
    const button = element('button', { type: 'button', title }, column.name + arrow);
    if (list !== '') {
      button.append(element('span', { className: 'index' }, rich(list)));
    }
    button.addEventListener('click', () => sortBy(column));
    const cell = element('th', { scope: 'col', className: column.type === 'text' ? 'text' : '' }, button);
    if (state.column === column) {
      cell.setAttribute('aria-sort', state.falling ? 'descending' : 'ascending');
    }
    return cell;
  }

  /** What the entries of a column's lists are. */
  function entryNames({ index }) {
    return index.values ? `${index.symbol} = ${index.values.map(number).join(', ')}` : `by ${index.symbol}`;
  }

  function body() {
    const start = state.page * state.length;
    return state.rows.slice(start, start + state.length).map(row => element('tr', {}, columns.map(column => {
      const value = column.values[row];
      const cell = element('td', { className: column.type === 'text' ? 'text' : '' }, value === null ? '–' : shown(inWords(column.name, value)));
      if (column.type === 'text' && value !== null && value.length > 40) {
        cell.title = value;
      }
      return cell;
    })));
  }

  function csvField(value) {
    if (value === null) {
      return '';
    }
    const text = Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
    return /[",\n\r]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }

  function csv() {
    const line = fields => `${fields.map(csvField).join(',')}\n`;
    return line(columns.map(column => column.name))
      + state.rows.map(row => line(columns.map(column => column.values[row]))).join('');
  }

  function download() {
    save(new Blob([csv()], { type: 'text/csv' }), '.csv');
  }

  function button(text, id, enabled, action) {
    const made = element('button', { type: 'button', id, disabled: !enabled }, text);
    made.addEventListener('click', () => {
      action();
      byId(id)?.focus();
    });
    return made;
  }

  function controls(pages) {
    const turn = page => () => {
      state.page = page;
      render();
    };
    return [
      select('rows', [10, 25, 100, 1000].map(n => [n, String(n)]), state.length, length => {
        state.length = length;
        state.page = 0;
        render();
      }),
      button('‹ previous', 'previous', state.page > 0, turn(state.page - 1)),
      button('next ›', 'next', state.page < pages - 1, turn(state.page + 1)),
      button('Download CSV', 'download', run.size > 0, download),
    ];
  }

  function render() {
    const pages = Math.max(1, Math.ceil(run.size / state.length));
    replaceControls(byId('table-controls'), controls(pages));
    byId('table').replaceChildren(
      element('caption', { className: 'note' }, 'One row per finished cell; a heading sorts by its column.'),
      element('thead', {}, element('tr', {}, columns.map(heading))),
      element('tbody', {}, body()));
    const first = state.page * state.length;
    byId('table-range').textContent = run.size === 0
      ? 'No cell is finished.'
      : `Rows ${first + 1} to ${Math.min(run.size, first + state.length)} of ${run.size}.`;
  }

  return { render };
})();
