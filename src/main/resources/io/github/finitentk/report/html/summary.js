// The run in words: facts, what the numbers say, and where they come from.

const summary = (() => {
  let percent = '20';
  view.part('result', [['tolerance', () => percent, among(() => Object.keys(run.networks), p => {
    percent = p;
  })]]);

  function facts() {
    const statuses = new Map();
    run.rows().forEach(row => {
      const status = run.get('status', row);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    });
    const seconds = run.rows().reduce((sum, row) => sum + (run.get('seconds', row) ?? 0), 0);
    const list = [
      ['quantity', run.quantity.replaceAll('_', ' ')],
      ['cells', run.size === run.total ? String(run.total) : `${run.size} of ${run.total}`],
      ['status', [...statuses].map(([status, n]) => (n === run.size ? `all ${status}` : `${n} ${status}`)).join(', ') || '–'],
      ['computing time', duration(seconds)],
      ['seed', run.manifest.seed ?? '–'],
      ['backend', run.manifest.backend ?? '–'],
    ];
    byId('facts').replaceChildren(...list.map(([term, value]) =>
      element('div', {}, element('dt', {}, term), element('dd', {}, value))));
  }

  function list(place, sentences) {
    place.replaceChildren(...sentences.map(sentence => element('li', {}, rich(sentence))));
  }

  function kinds({ kinds, question, holds, fails }) {
    const headings = ['network', 'border χ₁ = 1 at σ_w²', `${holds} at every depth up to σ_w²`,
      'beyond, at all σ_w² up to depth', fails, 'too uncertain to say'];
    const row = kind => [
      `${kind.activation}, M = ${kind.width}, σ_b² = ${number(kind.sigmaB2)}`,
      number(kind.border),
      kind.everywhere ? 'everywhere' : kind.reach === null ? 'none' : number(kind.reach),
      kind.everywhere ? '' : kind.shallow === 0 ? 'none' : number(kind.shallow),
      kind.large === 0 ? 'nowhere' : `${kind.large} of ${kind.cells} cells, from L = ${kind.firstDepth}`,
      kind.open === 0 ? '' : `${kind.open} of ${kind.cells} cells`,
    ];
    byId('kinds').replaceChildren(
      element('caption', { className: 'note' }, question.replace('…', `${percent} %`)),
      element('thead', {}, element('tr', {}, headings.map(text => element('th', { scope: 'col' }, rich(text))))),
      element('tbody', {}, kinds.map(kind => element('tr', {}, row(kind).map((text, k) =>
        element(k === 0 ? 'th' : 'td', k === 0 ? { scope: 'row' } : {}, rich(text)))))));
  }

  function render() {
    const tolerances = Object.keys(run.networks);
    if (tolerances.length > 0) {
      replaceControls(byId('tolerance'), [select(run.networks[percent].question, tolerances.map(p => [p, `${p} %`]), percent, p => {
        percent = p;
        render();
        view.save();
      })]);
      list(byId('networks'), run.networks[percent].sentences);
      kinds(run.networks[percent]);
    }
    byId('kinds').parentElement.hidden = tolerances.length === 0;
    list(byId('reading'), run.reading);
  }

  function origin() {
    byId('kicker').textContent = `Finite NTK · ${run.quantity.replaceAll('_', ' ')}`;
    byId('name').textContent = run.name;
    byId('command').textContent = run.command;
    byId('version').textContent = run.version;
    byId('manifest').replaceChildren(element('tbody', {}, Object.entries(run.manifest).map(([key, value]) =>
      element('tr', {}, element('th', { scope: 'row' }, key), element('td', {}, value.trimEnd())))));
  }

  facts();
  origin();
  return { render };
})();
