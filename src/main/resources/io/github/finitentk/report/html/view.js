// The view in the address: what the reader chose, as the fragment, so that a link shows the same picture again.

const view = (() => {
  /** By name, in the order in which they are set: {get, set}; get gives a text, set says whether there is such a value. */
  const choices = new Map();
  const defaults = new Map();
  let written = null;

  /** A part of the page says what of it belongs to the view: [name, get, set] each. */
  function part(prefix, list) {
    for (const [name, get, set] of list) {
      choices.set(`${prefix}.${name}`, { get, set });
      defaults.set(`${prefix}.${name}`, get());
    }
  }

  /** Writes what differs from the page as it opens. */
  function save() {
    const changed = [...choices].map(([name, { get }]) => [name, get()]).filter(([name, value]) => value !== defaults.get(name));
    const fragment = changed.length === 0 ? '' : `#${new URLSearchParams(changed)}`;
    if (fragment !== (written ?? '')) {
      written = fragment;
      history.replaceState(null, '', fragment === '' ? location.pathname + location.search : fragment);
    }
  }

  /** Takes the view of the address; what it does not know stays as it opens, and a sentence says so. */
  function load() {
    const fragment = location.hash.slice(1);
    choices.forEach(({ set }, name) => set(defaults.get(name)));
    if (!fragment.includes('=')) {
      // A section of the page, or nothing.
      written = location.hash;
      return;
    }
    const wanted = new Map(new URLSearchParams(fragment));
    const unknown = [...wanted.keys()].filter(name => !choices.has(name));
    choices.forEach(({ set }, name) => {
      if (wanted.has(name) && !set(wanted.get(name))) {
        set(defaults.get(name));
        unknown.push(name);
      }
    });
    written = location.hash;
    if (unknown.length > 0) {
      const list = unknown.slice(0, 3).map(name => `${name} = ${wanted.get(name)}`.slice(0, 80)).join(', ');
      byId('view-note').textContent =
        `The address asks for a view that this page does not have (${list}${unknown.length > 3 ? ', …' : ''}); it shows the default there.`;
    } else {
      byId('view-note').textContent = '';
    }
  }

  return { part, save, load };
})();

/** A choice among values that calls back with one of them. */
function among(values, take) {
  return text => {
    const found = values().find(value => String(value) === text);
    if (found === undefined) {
      return false;
    }
    take(found);
    return true;
  };
}

/** Yes or no. */
function flag(take) {
  return text => {
    if (text !== '1' && text !== '0') {
      return false;
    }
    take(text === '1');
    return true;
  };
}

/** A number, or nothing for null. */
function maybeNumber(take) {
  return text => {
    const value = text === '' ? null : Number(text);
    if (value !== null && !Number.isFinite(value)) {
      return false;
    }
    take(value);
    return true;
  };
}
