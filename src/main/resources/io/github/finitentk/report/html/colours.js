// From numbers to colours.

/**
 * The colour scale of values. With a value that stands out it is white there and both sides change at one rate; otherwise it
 * runs from the least to the largest value. The reader's own limits {low, high} win.
 */
function colourScale(measure, values, style, log, wish) {
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
  const limits = chosen([low, high], wish, log);
  [low, high] = limits;
  const shape = value => (log ? Math.log(Math.max(value, low)) : value);
  const from = shape(low);
  const to = shape(high);
  const shades = run.colours[style][white === null ? 'sequential' : 'diverging'];
  const shade = position => {
    let t = position;
    if (white !== null) {
      const centre = (shape(white) - from) / (to - from);
      t = 0.5 + 0.5 * (position - centre) / Math.max(centre, 1 - centre);
    }
    return shades[Math.round(Math.min(1, Math.max(0, t)) * (shades.length - 1))];
  };
  const position = value => Math.min(1, Math.max(0, (shape(value) - from) / (to - from)));
  return {
    low,
    high,
    log,
    shade,
    position,
    colour: value => shade(position(value)),
    problem: limits.problem,
    beyond: values.some(v => v > high),
    below: values.some(v => v !== null && v < low),
  };
}

/** Limits with the reader's own in place of those of the data, and why not if they cannot be. */
function chosen([low, high], wish, log) {
  const [from, to] = [wish.low ?? low, wish.high ?? high];
  const fits = from < to && (!log || from > 0);
  const problem = fits ? '' : ` Limits from ${number(from)} to ${number(to)} make no ${log ? 'logarithmic ' : ''}scale; those of the data are used.`;
  return Object.assign(fits ? [from, to] : [low, high], { problem });
}

/** Round numbers within limits. */
function roundNumbers(low, high, log) {
  const ticks = [];
  // Within a factor of three a logarithmic scale is as good as linear.
  if (log && high / low > 3) {
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
