// Runs before the page is drawn, so that a chosen theme never flashes the other one.
try {
  const saved = localStorage.getItem("theme");
  if (saved) document.documentElement.dataset.theme = saved;
} catch {
  // Storage may be forbidden: then the system decides.
}
