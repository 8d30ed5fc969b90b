// Small behaviours only. Every page reads and submits without this file.
// Listeners sit on the document, so that they hold for what htmx brings in later.
const root = document.documentElement;

const isDark = () => root.dataset.theme === "dark"
  || (!root.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);

const toggleTheme = () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  try {
    localStorage.setItem("theme", root.dataset.theme);
  } catch {
    // Storage may be forbidden: the choice then holds for this page.
  }
  document.dispatchEvent(new Event("themechange"));
};

// A table row that opens in place: the button names the row it opens.
const disclose = (button) => {
  const open = button.getAttribute("aria-expanded") === "true";
  button.setAttribute("aria-expanded", String(!open));
  document.getElementById(button.getAttribute("aria-controls")).hidden = open;
  const row = button.closest("tr");
  row?.classList.toggle(row.dataset.openClass || "is-open", !open);
};

// One with an id is shown again when it is needed.
const closeToast = (toast) => {
  if (toast.id) toast.hidden = true;
  else toast.remove();
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button, [data-theme-toggle]");
  if (!button) return;
  if (button.matches("[data-theme-toggle]")) toggleTheme();
  if (button.matches("[data-dialog]")) document.getElementById(button.dataset.dialog).showModal();
  if (button.matches("[data-dialog-close]")) button.closest("dialog").close();
  if (button.matches("[data-toast-close]")) closeToast(button.closest(".toast"));
  if (button.matches("[aria-controls][aria-expanded]")) disclose(button);
});

// A choice that submits its form at once; without this file the form's own button does it.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

// A form marked data-guard holds what was typed until it is sent: leaving the page asks first.
// One that was refused says data-guard="unsaved": what stands in it is saved nowhere.
// A field marked data-passing is tried out and never saved.
const asTyped = (form) => {
  const data = new FormData(form);
  form.querySelectorAll("[data-passing]").forEach((field) => data.delete(field.name));
  return new URLSearchParams(data).toString();
};
const guarded = new Map([...document.querySelectorAll("form[data-guard]")].map(
  (form) => [form, form.dataset.guard === "unsaved" ? null : asTyped(form)],
));
let isSent = false;
document.addEventListener("submit", (event) => {
  if (guarded.has(event.target) && !event.defaultPrevented) isSent = true;
});
window.addEventListener("beforeunload", (event) => {
  const isUnsaved = [...guarded].some(([form, before]) => form.isConnected && asTyped(form) !== before);
  if (isUnsaved && !isSent) event.preventDefault();
});
// Come back to by the browser's own way: nothing is on its way any more.
window.addEventListener("pageshow", () => { isSent = false; });

// What a form says it did fades by itself; what went wrong stays until it is closed.
const fade = () => document.querySelectorAll(".toast:not([data-tone])").forEach((toast) => {
  setTimeout(() => toast.remove(), 8000);
});
fade();
document.addEventListener("htmx:oobAfterSwap", fade);

// A form that was refused: the first field to mend has the focus.
document.querySelector("[aria-invalid=true]")?.focus();

// htmx: a page that was refused or failed is shown as it came, not left out in silence.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
// Without an answer, or with one that is no page, nothing was saved: it must not look as if it was.
const tell = (name, shown) => {
  const toast = document.getElementById(name);
  if (toast) toast.hidden = !shown;
};
document.addEventListener("htmx:sendError", () => tell("offline", true));
document.addEventListener("htmx:responseError", () => tell("refused", true));
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful) return;
  tell("offline", false);
  tell("refused", false);
});
