// Puts the page together: theme, sections, the view of the address, first drawing, printing.

const root = document.documentElement;
const darkness = matchMedia('(prefers-color-scheme: dark)');

function setTheme(theme) {
  root.dataset.theme = theme;
  byId('theme').setAttribute('aria-pressed', String(theme === 'dark'));
  renderPictures();
  curves.legend?.();
}

byId('theme').addEventListener('click', () => setTheme(root.dataset.theme === 'dark' ? 'light' : 'dark'));
darkness.addEventListener('change', () => setTheme(darkness.matches ? 'dark' : 'light'));

// To a section without losing the view, which is in the address, too.
document.querySelectorAll('a[href^="#"]').forEach(link => link.addEventListener('click', event => {
  event.preventDefault();
  const section = byId(link.getAttribute('href').slice(1));
  section.setAttribute('tabindex', '-1');
  section.focus({ preventScroll: true });
  section.scrollIntoView();
}));

let themeOnScreen;
window.addEventListener('beforeprint', () => {
  themeOnScreen = root.dataset.theme;
  Picture.onPaper = true;
  setTheme('light');
});
window.addEventListener('afterprint', () => {
  Picture.onPaper = false;
  setTheme(themeOnScreen);
});

function show() {
  summary.render();
  map.render?.();
  curves.render?.();
}

window.addEventListener('hashchange', () => {
  view.load();
  show();
});

root.dataset.theme = darkness.matches ? 'dark' : 'light';
byId('theme').setAttribute('aria-pressed', String(darkness.matches));
view.load();
table.render();
show();
