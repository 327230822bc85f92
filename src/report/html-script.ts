/**
 * The script of the HTML report: filters, links that open what they point to, and print. Without it everything can be
 * read. It only reads what the page shows, and makes no mark-up.
 */

export const SCRIPT = `
(() => {
  'use strict';
  const form = document.querySelector('.filters');
  const all = Array.from(document.querySelectorAll('details'));
  const facts = new Map(all.map((finding) => [finding, {
    severity: finding.querySelector('summary b').textContent,
    provider: finding.querySelector('summary bdi').textContent,
    state: finding.querySelector('summary i').textContent,
  }]));
  const sections = Array.from(document.querySelectorAll('section.group'));
  if (form) {
    const output = form.querySelector('output');
    const apply = () => {
      const wanted = new FormData(form);
      const text = String(wanted.get('text') || '').toLowerCase();
      let shown = 0;
      for (const finding of all) {
        const fits = ['severity', 'provider', 'state'].every((key) => !wanted.get(key) || facts.get(finding)[key] === wanted.get(key))
          && (text === '' || finding.textContent.toLowerCase().includes(text));
        finding.hidden = !fits;
        if (fits) shown++;
      }
      for (const section of sections) section.hidden = !section.querySelector('details:not([hidden])');
      const [some, total] = [shown, all.length].map((number) => number.toLocaleString('en'));
      output.textContent = shown === all.length ? total + ' shown' : some + ' of ' + total + ' shown';
    };
    form.addEventListener('input', apply);
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('reset', () => setTimeout(apply, 0));
    form.hidden = false;
    apply();
  }
  const openTarget = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target && target.tagName === 'DETAILS') { target.open = true; target.scrollIntoView(); }
  };
  addEventListener('hashchange', openTarget);
  openTarget();
  let closed = [];
  addEventListener('beforeprint', () => { closed = all.filter((finding) => !finding.open); for (const finding of closed) finding.open = true; });
  addEventListener('afterprint', () => { for (const finding of closed) finding.open = false; });
})();
`;
