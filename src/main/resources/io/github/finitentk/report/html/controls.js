// Selects and boxes, and the choice of what is drawn.

/** A labelled select; options are [value, text] pairs. Calls back with the value. */
function select(label, options, value, change) {
  const box = element('select', {}, options.map(([, text], k) => element('option', { value: String(k) }, text)));
  box.selectedIndex = Math.max(0, options.findIndex(([v]) => v === value));
  box.addEventListener('change', () => change(options[box.selectedIndex][0]));
  return element('label', {}, element('span', {}, rich(label)), box);
}

/** A labelled box to tick. */
function tick(label, value, change) {
  const box = element('input', { type: 'checkbox', checked: value });
  box.addEventListener('change', () => change(box.checked));
  return element('label', { className: 'tick' }, box, element('span', {}, rich(label)));
}

/** A labelled field for a number; calls back with it, or with null if it is empty. */
function field(label, value, change) {
  const box = element('input', { type: 'number', step: 'any', placeholder: 'automatic', value: value === null ? '' : String(value) });
  box.addEventListener('change', () => change(box.value === '' ? null : Number(box.value)));
  return element('label', {}, element('span', {}, rich(label)), box);
}

/** Replaces controls; the one in use keeps the focus. */
function replaceControls(place, controls) {
  const used = place.contains(document.activeElement) ? document.activeElement.closest('label') : null;
  place.replaceChildren(...controls);
  if (used) {
    const same = [...place.querySelectorAll('label')].find(label => labelOf(label) === labelOf(used));
    same?.querySelector('select, input').focus();
  }
}

function labelOf(box) {
  return box.querySelector('span').textContent;
}

const SNAPSHOT = /^(.+)_at_(\d+)$/;

/** What can be drawn, with snapshots of one number gathered under it: [{measure, snapshots: [[step, measure]]}]. */
const families = (() => {
  const found = new Map();
  for (const measure of run.measures) {
    const [, base, step] = measure.column.match(SNAPSHOT) ?? [null, measure.column, null];
    if (!found.has(base)) {
      found.set(base, { name: base, measures: [] });
    }
    found.get(base).measures.push([step === null ? Infinity : Number(step), measure]);
  }
  for (const family of found.values()) {
    family.measures.sort((a, b) => b[0] - a[0]);
  }
  return [...found.values()];
})();

/** The choice of a number to draw; changes call back. */
class Choice {
  constructor(changed) {
    this.changed = changed;
    this.family = families[0];
    this.begin(this.family.measures[0][1]);
  }

  begin(measure) {
    this.measure = measure;
    this.wish = null;
    // Steps end with the last; of covariances and networks the first comes first.
    this.entry = run.byName.get(measure.column).index?.column ? Math.max(0, this.entries() - 1) : 0;
  }

  /** Whether colours or axis are logarithmic: as the reader wishes, else as the measure has it, else if it looks better. */
  log(better = false) {
    return this.wish ?? (this.measure.log || better);
  }

  get label() {
    const at = this.measure.column.match(SNAPSHOT);
    const entry = this.entries() > 0 ? `, ${entryName(this.measure.column, this.entry)}` : '';
    return this.measure.label + (at ? ` after ${at[2]} steps` : '') + entry;
  }

  /** The length of the lists in a column of lists, 0 for numbers. */
  entries() {
    const column = run.byName.get(this.measure.column);
    return column.type === 'reals'
      ? column.values.reduce((most, list) => Math.max(most, list === null ? 0 : list.length), 0)
      : 0;
  }

  take(measure) {
    this.begin(measure);
    this.changed();
  }

  controls() {
    const controls = [
      select('quantity', families.map(f => [f, f.measures[0][1].label]), this.family, family => {
        this.family = family;
        this.take(family.measures[0][1]);
      }),
    ];
    if (this.family.measures.length > 1) {
      const steps = this.family.measures.map(([step, measure]) =>
        [measure, step === Infinity ? 'the end' : `${step} steps`]);
      controls.push(select('after', steps, this.measure, measure => this.take(measure)));
    }
    if (this.entries() > 1) {
      const entries = Array.from({ length: this.entries() }, (_, k) => [k, entryName(this.measure.column, k)]);
      controls.push(select('at', entries, this.entry, entry => {
        this.entry = entry;
        this.changed();
      }));
    }
    return controls;
  }

  /** What of it the address keeps. */
  view() {
    const step = measure => measure.column.match(SNAPSHOT)?.[2] ?? 'end';
    return [
      ['quantity', () => this.family.name, among(() => families.map(f => f.name), name => {
        this.family = families.find(f => f.name === name);
        this.begin(this.family.measures[0][1]);
      })],
      ['after', () => step(this.measure), among(() => this.family.measures.map(([, m]) => step(m)), wanted => {
        this.begin(this.family.measures.find(([, m]) => step(m) === wanted)[1]);
      })],
      ['at', () => String(this.entry), among(() => Array.from({ length: Math.max(1, this.entries()) }, (_, k) => k), entry => {
        this.entry = entry;
      })],
      ['log', () => (this.wish === null ? '' : this.wish ? '1' : '0'), text => {
        this.wish = text === '' ? null : text === '1';
        return ['', '0', '1'].includes(text);
      }],
    ];
  }

  note() {
    const column = run.byName.get(this.measure.column);
    return column.description && column.description !== this.measure.label ? `${column.description}.` : '';
  }
}

/** Values that stay the same in a picture, one select for each axis that has a choice. */
class Filters {
  /** @param row the finished cell whose values are fixed at first */
  constructor(changed, row) {
    this.changed = changed;
    this.values = run.size === 0 ? {} : run.cellAt(row);
  }

  /** Fixes another value; the others move to some finished cell that has it if none has all. */
  fix(axis, value, free) {
    this.values[axis] = value;
    if (rowsWith(this.fixed(free)).length === 0) {
      const [row] = rowsWith({ [axis]: value });
      this.values = run.cellAt(row);
    }
    this.changed();
  }

  /** What of them the address keeps. */
  view() {
    return varying().map(axis => [axis, () => String(this.values[axis]), among(() => run.axisValues[axis], value => {
      this.values[axis] = value;
    })]);
  }

  controls(free) {
    return varying().filter(axis => !free.includes(axis)).map(axis =>
      select(titled(axis),
        run.axisValues[axis].map(value => [value, axis === 'activation' ? named(axis, value) : number(value)]),
        this.values[axis],
        value => this.fix(axis, value, free)));
  }

  /** The parameters that are fixed when some axes are free. */
  fixed(free) {
    return Object.fromEntries(Object.entries(this.values).filter(([axis]) => !free.includes(axis)));
  }
}
