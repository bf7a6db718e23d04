// Words, symbols and numbers, and the only way in which anything reaches the page: as elements with text in them.

/** Text in which σ_w² and the like have a real subscript. */
function rich(text) {
  const parts = String(text).split(/σ_([wb])²/);
  return parts.map((part, k) => (k % 2 === 0 ? part : element('span', {}, 'σ', element('sub', {}, part), '²')));
}

/** An element with properties and attributes; children are elements, texts or lists of them. */
function element(tag, settings, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(settings)) {
    if (key in node) {
      node[key] = value;
    } else {
      node.setAttribute(key, value);
    }
  }
  node.append(...children.flat(2));
  return node;
}

function byId(id) {
  return document.getElementById(id);
}

/** Four significant digits for people. */
function number(value) {
  if (value === null || value === undefined) {
    return '–';
  }
  if (!Number.isFinite(value)) {
    return value > 0 ? '∞' : '−∞';
  }
  const size = Math.abs(value);
  const text = Number.isInteger(value) && size < 1e6
    ? String(value)
    : size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(3) : String(Number(value.toPrecision(4)));
  return text.replace(/^-/, '−').replace('e-', 'e−').replace('e+', 'e');
}

/** Short text for any value of a table. */
function shown(value) {
  if (Array.isArray(value)) {
    const few = value.slice(0, 4).map(number).join(', ');
    return value.length > 4 ? `${few}, … (${value.length})` : few;
  }
  return typeof value === 'number' || value === null ? number(value) : String(value);
}

/** A duration in a fitting unit. */
function duration(seconds) {
  if (seconds >= 5400) {
    return `${number(seconds / 3600)} h`;
  }
  return seconds >= 90 ? `${number(seconds / 60)} min` : `${number(seconds)} s`;
}

/** Entries of a key: words that start with their sign, or [kind of line, words]. */
function keyEntries(entries) {
  return entries.map(entry => (Array.isArray(entry)
    ? element('span', {}, element('span', { className: `sample ${entry[0]}` }), entry[1])
    : element('span', {}, entry)));
}
