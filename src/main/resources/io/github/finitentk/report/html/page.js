// Puts the page together: theme, first drawing, printing.

const root = document.documentElement;
const darkness = matchMedia('(prefers-color-scheme: dark)');

function setTheme(theme) {
  root.dataset.theme = theme;
  byId('theme').setAttribute('aria-pressed', String(theme === 'dark'));
  renderCharts();
}

byId('theme').addEventListener('click', () => setTheme(root.dataset.theme === 'dark' ? 'light' : 'dark'));
darkness.addEventListener('change', () => setTheme(darkness.matches ? 'dark' : 'light'));

matchMedia('(max-width: 40rem)').addEventListener('change', renderCharts);

let themeOnScreen;
window.addEventListener('beforeprint', () => {
  themeOnScreen = root.dataset.theme;
  setTheme('light');
});
window.addEventListener('afterprint', () => setTheme(themeOnScreen));

summary.render();
table.render();
setTheme(darkness.matches ? 'dark' : 'light');
