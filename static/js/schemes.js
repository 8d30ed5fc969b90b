// The scheme editor: sliders beside the weights, and their sum while one drags.
// Everything is saved without this file too.
document.documentElement.classList.add("has-script");

const amount = (field) => {
  const value = Number(field.value.replace(",", "."));
  return Number.isFinite(value) && value > 0 ? value : 0;
};

const addUp = () => {
  const total = [...document.querySelectorAll("[data-weight]")].reduce((sum, one) => sum + amount(one), 0);
  const rounded = Math.round(total * 100) / 100;
  document.querySelectorAll("[data-weights-total]").forEach((one) => { one.textContent = String(rounded); });
  document.querySelectorAll("[data-weights-state]").forEach((one) => {
    one.textContent = rounded === 100 ? one.dataset.is : one.dataset.not;
  });
};

document.addEventListener("input", (event) => {
  const row = event.target.closest("tr, .tried");
  if (event.target.matches("[data-weight-slider]")) {
    row.querySelector("[data-weight]").value = event.target.value;
    addUp();
  } else if (event.target.matches("[data-weight]")) {
    const slider = row.querySelector("[data-weight-slider]");
    if (slider) slider.value = amount(event.target);
    addUp();
  }
});

// What a form has sent goes along with what it sends next, until an answer says how it stands: else
// its own last save, if the answer never came, would look like somebody else's.
const OF_THE_FORM = ["csrfmiddlewaretoken", "stood", "sent"];
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.detail.elt.closest("form");
  const sent = form?.querySelector("[name=sent]");
  if (!sent || event.detail.requestConfig.verb !== "post") return;
  const data = new FormData(form);
  OF_THE_FORM.forEach((name) => data.delete(name));
  sent.value += (sent.value && "\n") + new URLSearchParams(data).toString();
});
