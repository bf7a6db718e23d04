// Signs of cells that are more than their colour, and of what is missing.

const SIGNS = {
  heavy: 'heavy tail: too low more often than not',
  unstable: 'learning rate above the largest stable one',
  diverged: 'diverged',
  failed: 'failed',
};

function signOf(row, value) {
  if (run.get('status', row) === 'failed') {
    return 'failed';
  }
  if (value === Infinity || run.get('status', row) === 'diverged') {
    return 'diverged';
  }
  return heavyTailed(row) ? 'heavy' : unstable(row) ? 'unstable' : null;
}

/** A sign as a path about a place; only heavy tails are filled. */
function signPath(sign, x, y, r) {
  const [a, b, c, d] = [x - r, y - r, x + r, y + r].map(at);
  const [cx, cy] = [at(x), at(y)];
  return {
    heavy: `M${a} ${cy}a${at(r)} ${at(r)} 0 1 0 ${at(2 * r)} 0a${at(r)} ${at(r)} 0 1 0 ${at(-2 * r)} 0z`,
    unstable: `M${a} ${cy}a${at(r)} ${at(r)} 0 1 0 ${at(2 * r)} 0a${at(r)} ${at(r)} 0 1 0 ${at(-2 * r)} 0z`,
    diverged: `M${a} ${b}L${c} ${d}M${a} ${d}L${c} ${b}`,
    failed: `M${a} ${cy}L${c} ${cy}`,
  }[sign] ?? `M${cx} ${b}L${c} ${d}L${a} ${d}z`;
}

function signStyle(sign, colour) {
  return sign === 'heavy' ? { fill: colour } : { fill: 'none', stroke: colour, 'stroke-width': 1.2 };
}

/** The sample of a sign in a key. */
function signSample(sheet, sign) {
  return (x, y) => mark('path', { d: signPath(sign, x, y, 0.3 * sheet.size), ...signStyle(sign, sheet.ink) });
}

/** Black or white, whichever stands out. */
function contrast(colour) {
  const [r, g, b] = [1, 3, 5].map(k => parseInt(colour.slice(k, k + 2), 16));
  return 0.299 * r + 0.587 * g + 0.114 * b > 140 ? '#000000' : '#ffffff';
}

/** Hatching for what was not computed. */
function hatching(sheet) {
  return mark('defs', {}, mark('pattern', {
    id: `${sheet.name}-hatch`, width: 5, height: 5, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)',
  }, mark('rect', { width: 5, height: 5, fill: sheet.paper }), mark('rect', { width: 1, height: 5, fill: sheet.soft })));
}

/** The sample of what was not computed. */
function hatchSample(sheet) {
  return (x, y) => mark('rect', {
    x: at(x - 0.7 * sheet.size),
    y: at(y - 0.4 * sheet.size),
    width: at(1.4 * sheet.size),
    height: at(0.8 * sheet.size),
    fill: `url(#${sheet.name}-hatch)`,
    stroke: sheet.soft,
  });
}
