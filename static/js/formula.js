// Completion in the formula field: what may stand where the caret is. Without it the field is plain text, and
// the check below it says what is allowed all the same.
(() => {
  const field = document.querySelector("[data-formula]");
  const source = document.getElementById("formula-words");
  if (!field || !source) return;
  const { facts, functions } = JSON.parse(source.textContent);

  const list = document.createElement("ul");
  list.id = "formula-options";
  list.className = "options";
  list.setAttribute("role", "listbox");
  list.hidden = true;
  field.after(list);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");

  const WORDS = ["and", "or", "not", "in", "is None", "is not None", "True", "False", "period_start", "period_end"];
  let options = [];
  let chosen = 0;

  // The fact whose brackets the caret stands in: fields are bare there.
  const factAround = (before) => {
    let depth = 0;
    for (let at = before.length - 1; at >= 0; at -= 1) {
      if (before[at] === ")") depth += 1;
      if (before[at] === "(") depth -= 1;
      if (depth < 0) {
        const rest = before.slice(at + 1);
        const fact = Object.keys(facts).find((name) => new RegExp(`^\\s*${name}\\b`).test(rest));
        if (fact && rest.includes("where=")) return fact;
        depth = 0;
      }
    }
    return null;
  };

  const fieldsOf = (fact, prefix = "") => Object.entries(facts[fact].fields)
    .map(([name, one]) => ({ text: prefix + name, label: one.label }));

  const candidates = (before, word) => {
    const dotted = word.match(/^(\w+)\.(\w*)$/);
    if (dotted && facts[dotted[1]]) return fieldsOf(dotted[1], `${dotted[1]}.`);
    const fact = factAround(before);
    const compared = before.match(/(\w+)\s*(?:==|!=)\s*"?\w*$/);
    if (fact && compared) {
      const codes = facts[fact].fields[compared[1]]?.codes || [];
      if (codes.length) return codes.map((code) => ({ text: `"${code}"`, label: "" }));
    }
    if (fact) return [...fieldsOf(fact), ...WORDS.map((text) => ({ text, label: "" }))];
    return [
      ...Object.entries(functions).map(([name, usage]) => ({ text: `${name}(`, label: usage })),
      ...Object.entries(facts).map(([name, one]) => ({ text: name, label: one.label })),
    ];
  };

  const wordBefore = (before) => (before.match(/"?[\w.]*$/) || [""])[0];

  const close = () => {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };

  const mark = () => {
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
    field.setAttribute("aria-activedescendant", `option-${chosen}`);
    list.children[chosen]?.scrollIntoView({ block: "nearest" });
  };

  const open = () => {
    const before = field.value.slice(0, field.selectionStart);
    const word = wordBefore(before);
    const sought = word.replace(/^"/, "");
    options = sought ? candidates(before, word).filter((one) => {
      const text = one.text.replace(/^"/, "");
      return text.startsWith(sought) && text !== sought && one.text !== `"${sought}"`;
    }) : [];
    if (!options.length) return close();
    chosen = 0;
    list.replaceChildren(...options.map((one, at) => {
      const item = document.createElement("li");
      item.id = `option-${at}`;
      item.setAttribute("role", "option");
      item.append(Object.assign(document.createElement("code"), { textContent: one.text }), ` ${one.label}`);
      item.addEventListener("mousedown", (event) => { event.preventDefault(); take(at); });
      return item;
    }));
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    return mark();
  };

  const take = (at) => {
    const end = field.selectionStart;
    const start = end - wordBefore(field.value.slice(0, end)).length;
    field.setRangeText(options[at].text, start, end, "end");
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  };

  field.addEventListener("input", open);
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      chosen = (chosen + (event.key === "ArrowDown" ? 1 : options.length - 1)) % options.length;
      mark();
    } else if (event.key === "Tab" || event.key === "Enter") take(chosen);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
})();
