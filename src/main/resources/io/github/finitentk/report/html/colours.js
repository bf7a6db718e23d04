// From numbers to colours.

/**
 * The colour scale of values. With a value that stands out it is white there and both sides change at one rate; otherwise it
 * runs from the least to the largest value.
 */
function colourScale(measure, values, style, log) {
  const finite = values.filter(v => Number.isFinite(v) && (!log || v > 0));
  let low = finite.reduce((a, b) => Math.min(a, b), Infinity);
  let high = finite.reduce((a, b) => Math.max(a, b), -Infinity);
  const white = measure.white;
  if (measure.range && !log) {
    [low, high] = measure.range;
  } else if (white !== null) {
    low = Math.min(low, log ? white / 1.01 : white);
    high = Math.max(high, log ? white * 1.01 : white);
  }
  if (!(low <= high)) {
    [low, high] = log ? [1, 10] : [0, 1];
  }
  if (low === high) {
    [low, high] = log ? [low / 2, high * 2] : [low - 0.5, high + 0.5];
  }
  const at = value => (log ? Math.log(Math.max(value, low)) : value);
  const from = at(low);
  const to = at(high);
  const shades = run.colours[style][white === null ? 'sequential' : 'diverging'];
  const shade = position => {
    let t = position;
    if (white !== null) {
      const centre = (at(white) - from) / (to - from);
      t = 0.5 + 0.5 * (position - centre) / Math.max(centre, 1 - centre);
    }
    return shades[Math.round(Math.min(1, Math.max(0, t)) * (shades.length - 1))];
  };
  const position = value => Math.min(1, Math.max(0, (at(value) - from) / (to - from)));
  return {
    low,
    high,
    log,
    shade,
    position,
    colour: value => shade(position(value)),
    beyond: values.some(v => v > high),
    below: values.some(v => v !== null && v < low),
  };
}

/** Round numbers within limits. */
function roundNumbers(low, high, log) {
  const ticks = [];
  if (log) {
    const decades = Math.log10(high / low);
    const stride = Math.max(1, Math.ceil(decades / 7));
    for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++) {
      for (const digit of decades < 1 ? [1, 1.5, 2, 3, 5, 7] : decades < 2.5 ? [1, 2, 5] : e % stride === 0 ? [1] : []) {
        ticks.push(digit * 10 ** e);
      }
    }
  } else {
    const rough = (high - low) / 5;
    const unit = 10 ** Math.floor(Math.log10(rough));
    const step = unit * [1, 2, 2.5, 5, 10].find(s => s * unit >= rough * 0.999);
    for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) {
      ticks.push(k * step);
    }
  }
  return ticks.filter(t => t >= low * (1 - 1e-9) - 1e-300 && t <= high + Math.abs(high) * 1e-9)
    .map(t => Number(t.toPrecision(12)));
}

/** Fills the colour bar beside a map; upright, or lying on narrow screens. */
function drawColourBar(bar, scale, label) {
  const lying = matchMedia('(max-width: 40rem)').matches;
  const ramp = element('div', { className: 'ramp' });
  const stops = Array.from({ length: 41 }, (_, k) => scale.shade(k / 40)).join(', ');
  ramp.style.backgroundImage = `linear-gradient(to ${lying ? 'right' : 'top'}, ${stops})`;
  const ticks = element('div', { className: 'ticks' });
  roundNumbers(scale.low, scale.high, scale.log).forEach(value => {
    const sign = scale.beyond && value === scale.high ? '≥ ' : scale.below && value === scale.low ? '≤ ' : '';
    const tick = element('span', {}, sign + number(value));
    tick.style[lying ? 'left' : 'bottom'] = `${100 * scale.position(value)}%`;
    ticks.append(tick);
  });
  bar.replaceChildren(ramp, ticks, element('div', { className: 'title' }, label));
  bar.setAttribute('aria-label', `Colours: ${label} from ${number(scale.low)} to ${number(scale.high)}`);
}
