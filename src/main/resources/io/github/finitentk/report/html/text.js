// Words, symbols and numbers, and the only way in which anything reaches the page: as elements with text in them.

/** Text in pieces {text, sub}: σ_w², λ_max, ‖Θ‖_F and the like have a subscript, names_of_columns have none. */
function scripts(text) {
  return String(text).split(/(?<=(?<![\p{L}\d_])\p{L}|[‖|)\]])_(\p{L}+|\d+)/u)
    .map((part, k) => ({ text: part, sub: k % 2 === 1 }))
    .filter(part => part.text !== '');
}

/** The same as elements. */
function rich(text) {
  return scripts(text).map(part => (part.sub ? element('sub', {}, part.text) : part.text));
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

/** What a table's codes mean: `early-stop 3` is said in words. */
function inWords(column, value) {
  const words = data.words[column];
  if (!words || value === null || value === undefined) {
    return value;
  }
  return String(value).split(', ').map(part => {
    const [, code, count] = part.match(/^([^]*?)(?: (\d+))?$/);
    const meaning = words[code] ?? code;
    return count === undefined ? meaning : `${count} ${meaning}`;
  }).join('; ');
}
