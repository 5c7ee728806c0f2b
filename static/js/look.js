// @ts-check
// How this person likes every page of ours to look, before anything of it is drawn: no module, for those come later.
// What may be chosen, and where it is kept: settings.js.

try {
  const kept = JSON.parse(localStorage.getItem('look') ?? '{}');
  for (const name of ['size', 'spacing', 'theme', 'motion']) {
    if (typeof kept[name] === 'string') document.documentElement.dataset[name] = kept[name];
  }
} catch {
  // Nothing is kept here, or nothing may be.
}
