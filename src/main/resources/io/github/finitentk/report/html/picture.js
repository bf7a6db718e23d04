// A picture on the page, on paper and as a file: the same drawing at three sizes, and the tip beside the pointer.

/** The colour that a style variable of the page has now. */
function ink(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

const pictures = [];

/** On paper and in files: the width of a journal's page, 8 pt type, and inks for white paper. */
const PAPER = {
  width: 170 / 25.4 * 96,
  size: 8 / 72 * 96,
  still: true,
  dark: false,
  font: "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif",
  ink: '#16191d',
  soft: '#55606c',
  line: '#d5dae0',
  empty: '#e3e6ea',
  paper: '#ffffff',
};

/** Dots of an inch in picture files. */
const RESOLUTION = 600;

class Picture {
  /**
   * @param name of its place on the page
   * @param draw from a sheet {name, width, size, inks, still} to the SVG element: still ones have no cursor but a full key
   * @param find from a place of the drawing on the screen to the row of the run that is shown there, or undefined
   * @param describe from a row to the elements of its tip
   */
  constructor(name, draw, find, describe) {
    Object.assign(this, { name, draw, find, describe });
    this.place = byId(`${name}-chart`);
    this.tip = element('div', { className: 'tip', hidden: true });
    this.place.parentElement.append(this.tip);
    this.place.addEventListener('pointermove', event => this.point(event));
    this.place.addEventListener('pointerleave', () => {
      this.tip.hidden = true;
    });
    let width = 0;
    new ResizeObserver(() => {
      if (this.place.clientWidth !== width) {
        width = this.place.clientWidth;
        this.render();
      }
    }).observe(this.place);
    pictures.push(this);
  }

  render() {
    const screen = {
      width: Math.max(240, this.place.clientWidth),
      size: 13,
      still: false,
      dark: document.documentElement.dataset.theme === 'dark',
      font: getComputedStyle(document.body).fontFamily,
      ...Object.fromEntries(['ink', 'soft', 'line', 'empty', 'paper'].map(name => [name, ink(name)])),
    };
    this.tip.hidden = true;
    this.place.replaceChildren(this.draw({ name: this.name, ...(Picture.onPaper ? PAPER : screen) }));
  }

  /** Where an event is, in the drawing. */
  where(event) {
    const { left, top } = this.place.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  point(event) {
    const [x, y] = this.where(event);
    const row = this.find(x, y);
    this.tip.hidden = row === undefined;
    if (row === undefined) {
      return;
    }
    this.tip.replaceChildren(...this.describe(row));
    // Beside the pointer and within the picture.
    const room = this.place.getBoundingClientRect();
    const { width, height } = this.tip.getBoundingClientRect();
    const left = x + 16 + width <= room.width ? x + 16 : x - 16 - width;
    this.tip.style.left = `${Math.max(0, Math.min(left, room.width - width))}px`;
    this.tip.style.top = `${Math.max(0, Math.min(y + 12, room.height - height))}px`;
  }

  /** The picture as a document of its own. */
  svg() {
    const drawn = this.draw({ name: this.name, ...PAPER });
    drawn.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
    return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(drawn)}\n`;
  }

  saveSvg() {
    save(new Blob([this.svg()], { type: 'image/svg+xml' }), `-${this.name}.svg`);
  }

  savePng() {
    const image = new Image();
    image.addEventListener('load', () => {
      const factor = RESOLUTION / 96;
      const canvas = element('canvas', { width: Math.round(image.width * factor), height: Math.round(image.height * factor) });
      const context = canvas.getContext('2d');
      context.fillStyle = PAPER.paper;
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(blob => save(blob, `-${this.name}.png`), 'image/png');
    });
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(this.svg())}`;
  }

  /** What saves it. */
  buttons() {
    const button = (words, save) => {
      const made = element('button', { type: 'button' }, words);
      made.addEventListener('click', save);
      return made;
    };
    return [button('Save SVG', () => this.saveSvg()), button('Save PNG', () => this.savePng())];
  }
}

Picture.onPaper = false;

function renderPictures() {
  pictures.forEach(picture => picture.render());
}

/** Hands a file to the reader, under the run's name. */
function save(blob, ending) {
  const link = element('a', { download: `${run.name.replaceAll(/[^\w.-]+/g, '_')}${ending}` });
  link.href = URL.createObjectURL(blob);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The root of a drawing of some height. */
function rootOf(sheet, height, label, ...children) {
  const size = sheet.still
    ? { width: `${at(sheet.width / 96 * 25.4)}mm`, height: `${at(height / 96 * 25.4)}mm` }
    : { width: at(sheet.width), height: at(height) };
  return mark('svg', {
    viewBox: `0 0 ${at(sheet.width)} ${at(height)}`,
    ...size,
    role: 'img',
    'aria-label': label,
    'font-family': sheet.font,
    'font-size': at(sheet.size),
    fill: sheet.ink,
  }, ...children);
}

/** Values of an axis that get a panel each; all picked evenly where there are too many. */
const MOST_PANELS = 12;

function panelValues(axis) {
  if (axis === null) {
    return [null];
  }
  const values = run.axisValues[axis];
  const stride = Math.ceil(values.length / MOST_PANELS);
  return values.filter((_, k) => k % stride === 0);
}

/** Says which values have no panel. */
function panelNote(axis) {
  const [all, shown] = axis === null ? [0, 0] : [run.axisValues[axis].length, panelValues(axis).length];
  return shown < all ? ` ${shown} of the ${all} values of ${AXES[axis].symbol} have a panel.` : '';
}

/** Places of panels side by side, in as many rows as keep them readable; `right` is room for a colour bar. */
function panelPlaces(sheet, count, top, right) {
  const { size, width } = sheet;
  const left = 6 * size;
  const gap = 1.4 * size;
  const room = width - left - right - 0.6 * size;
  const most = Math.max(1, Math.min(4, Math.floor((room + gap) / (14 * size))));
  const rows = Math.ceil(count / most);
  const columns = Math.ceil(count / rows);
  const wide = (room - gap * (columns - 1)) / columns;
  const high = Math.min(Math.max(0.75 * wide, 13 * size), 29 * size);
  const each = high + 4.2 * size;
  return {
    left,
    places: Array.from({ length: count }, (_, k) => ({
      x: left + (wide + gap) * (k % columns),
      y: top + each * Math.floor(k / columns) + 1.6 * size,
      width: wide,
      height: high,
      labelled: k % columns === 0,
    })),
    from: top + 1.6 * size,
    to: top + each * (rows - 1) + 1.6 * size + high,
    right: left + room,
    bottom: top + each * rows + 1.4 * size,
  };
}

/** Names of both axes, the horizontal one below the panels and the other along them. */
function axisNames(sheet, { places, from, to, left, right }, across, up) {
  return [
    line(sheet, (left + right) / 2, to + 2.7 * sheet.size + 5, across, { anchor: 'middle' }),
    line(sheet, 1.1 * sheet.size, (from + to) / 2, up, { anchor: 'middle', turned: true }),
  ];
}

/** Whether an axis counts something. */
function isWhole(axis) {
  return run.byName.get(axis).type === 'integer';
}

/** A parameter and its value in words. */
function named(axis, value) {
  return axis === 'activation' ? data.names[value] ?? value : `${AXES[axis].symbol} = ${number(value)}`;
}

/** An axis in words. */
function titled(axis) {
  return axis === 'activation' ? 'activation' : `${AXES[axis].title} ${AXES[axis].symbol}`;
}
