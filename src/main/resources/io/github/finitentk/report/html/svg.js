// What pictures are made of: SVG elements, texts with subscripts, scales, frames with ticks, and the colour bar.

/** An SVG element with attributes; children are elements or texts. */
function mark(tag, attributes, ...children) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [key, value] of Object.entries(attributes)) {
    node.setAttribute(key, value);
  }
  node.append(...children.flat(2));
  return node;
}

/** A place in a path or an attribute, to a twentieth of a pixel. */
function at(value) {
  return String(Math.round(20 * value) / 20);
}

/** A line of text in which σ_w² has a real subscript; turned reads upwards. */
function line(sheet, x, y, words, { anchor = 'start', turned = false, ...more } = {}) {
  const drop = 0.25 * sheet.size;
  const children = [];
  let lifted = 0;
  for (const { text, sub } of scripts(words)) {
    const settings = sub ? { dy: drop, 'font-size': 0.75 * sheet.size } : { dy: -lifted };
    lifted = sub ? drop : 0;
    children.push(mark('tspan', settings, text));
  }
  const place = turned ? { transform: `translate(${at(x)} ${at(y)}) rotate(-90)` } : { x: at(x), y: at(y) };
  return mark('text', { ...place, 'text-anchor': anchor, ...more }, children);
}

/** About the width of words in a sheet's type. */
function widthOf(sheet, words) {
  return 0.56 * sheet.size * [...words].length;
}

/** From numbers to places between two ends, linear or logarithmic; ticks of whole numbers are whole. */
function scaleOf(low, high, from, to, log, whole = false) {
  const shape = value => (log ? Math.log(value) : value);
  const [a, b] = [shape(low), shape(high)];
  const scale = value => from + (shape(value) - a) / (b - a) * (to - from);
  const back = place => {
    const value = a + (place - from) / (to - from) * (b - a);
    return log ? Math.exp(value) : value;
  };
  const ticks = roundNumbers(low, high, log).filter(value => !whole || Number.isInteger(value));
  return Object.assign(scale, { low, high, log, back, ticks });
}

/** The frame of a panel with its ticks; labels of y where they are wanted. */
function frameOf(sheet, { x, y, width, height, xs, ys, labelled, lines }) {
  const { ink, size } = sheet;
  const parts = [];
  const tick = (x1, y1, x2, y2) => `M${at(x1)} ${at(y1)}L${at(x2)} ${at(y2)}`;
  let path = '';
  let faint = '';
  let free = -Infinity;
  for (const value of xs.ticks) {
    const place = xs(value);
    path += tick(place, y + height, place, y + height + 4);
    const words = number(value);
    const half = widthOf(sheet, words) / 2;
    if (place - half > free) {
      parts.push(line(sheet, place, y + height + 5 + size, words, { anchor: 'middle' }));
      free = place + half + 0.3 * size;
    }
  }
  for (const value of ys.ticks) {
    const place = ys(value);
    path += tick(x - 4, place, x, place);
    faint += lines ? tick(x, place, x + width, place) : '';
    if (labelled) {
      parts.push(line(sheet, x - 7, place + 0.36 * size, number(value), { anchor: 'end' }));
    }
  }
  const under = faint ? [mark('path', { d: faint, stroke: sheet.line, 'stroke-width': 1, fill: 'none' })] : [];
  return {
    under,
    over: [
      mark('rect', { x: at(x), y: at(y), width: at(width), height: at(height), fill: 'none', stroke: ink }),
      mark('path', { d: path, stroke: ink, 'stroke-width': 1, fill: 'none' }),
      ...parts,
    ],
  };
}

/** The colour bar at the right of the panels it belongs to, with its title along it. */
function colourBar(sheet, scale, label, { x, y, height }) {
  const { size, ink } = sheet;
  const stops = Array.from({ length: 41 }, (_, k) =>
    mark('stop', { offset: k / 40, 'stop-color': scale.shade(k / 40) }));
  const ramp = mark('linearGradient', { id: `${sheet.name}-ramp`, x1: 0, y1: 1, x2: 0, y2: 0 }, stops);
  const parts = [
    mark('defs', {}, ramp),
    mark('rect', { x: at(x), y: at(y), width: size, height: at(height), fill: `url(#${sheet.name}-ramp)`, stroke: ink }),
  ];
  let path = '';
  let widest = 0;
  for (const value of roundNumbers(scale.low, scale.high, scale.log)) {
    const place = y + height * (1 - scale.position(value));
    const sign = scale.beyond && value === scale.high ? '≥ ' : scale.below && value === scale.low ? '≤ ' : '';
    const words = sign + number(value);
    path += `M${at(x + size)} ${at(place)}h4`;
    widest = Math.max(widest, widthOf(sheet, words));
    parts.push(line(sheet, x + size + 7, place + 0.36 * size, words));
  }
  parts.push(mark('path', { d: path, stroke: ink, fill: 'none' }));
  parts.push(line(sheet, x + 2.2 * size + 9 + widest, y + height / 2, label, { anchor: 'middle', turned: true }));
  return mark('g', { role: 'img', 'aria-label': `Colours: ${label} from ${number(scale.low)} to ${number(scale.high)}` }, parts);
}

/** The key below a picture: entries [sample, words] in rows; a sample draws itself at a place. Returns its height, too. */
function keyOf(sheet, entries, { x, y, width }) {
  const { size } = sheet;
  const parts = [];
  let [left, row] = [0, 0];
  for (const [sample, words] of entries) {
    const wide = 2.4 * size + widthOf(sheet, words);
    if (left > 0 && left + wide > width) {
      [left, row] = [0, row + 1];
    }
    const base = y + 1.5 * size * row + size;
    parts.push(mark('g', {}, sample(x + left + 0.8 * size, base - 0.35 * size),
      line(sheet, x + left + 2.1 * size, base, words)));
    left += wide + 1.2 * size;
  }
  return { node: mark('g', { class: 'key' }, parts), height: entries.length === 0 ? 0 : 1.5 * size * (row + 1) };
}

/** Samples of a key: a line with its attributes, or a sign. */
function strokeSample(sheet, attributes) {
  return (x, y) => mark('path', { d: `M${at(x - 0.8 * sheet.size)} ${at(y)}h${at(1.6 * sheet.size)}`, fill: 'none', ...attributes });
}
