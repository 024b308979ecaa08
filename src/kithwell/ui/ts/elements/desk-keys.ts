/**
 * <desk-keys>: any element with data-key="n" is pressed (or, a field, focused) by that key; what unfolds is opened, with
 * the focus in its first field. "?" shows them all. Keys do nothing while somebody types (Escape leaves the field), and
 * can be turned off (WCAG 2.2, 2.1.4).
 */
const OFF = "kw:keys-off";
const FIELD = "input:not([type=submit], [type=hidden], [type=checkbox], [type=radio]), textarea, select";

function off(): boolean {
  try {
    return localStorage.getItem(OFF) === "1";
  } catch {
    return false;
  }
}

class DeskKeys extends HTMLElement {
  #dialog: HTMLDialogElement | undefined;
  readonly #onKey = (event: KeyboardEvent): void => {
    const at = event.target instanceof HTMLElement ? event.target : null;
    const typing = at?.closest<HTMLElement>("input, textarea, select, [contenteditable]");
    if (event.key === "Escape" && (typing || document.querySelector("dialog[open]"))) {
      // Out of a field or a dialog: not the Escape that leaves the site. Three of those would throw away what was typed.
      event.stopPropagation();
      typing?.blur();
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "?") this.#show();
    else if (!off()) this.#press(event);
  };

  connectedCallback(): void {
    addEventListener("keydown", this.#onKey, true); // before quick-exit hears it
    this.querySelector("button")?.addEventListener("click", () => this.#show());
  }

  disconnectedCallback(): void {
    removeEventListener("keydown", this.#onKey, true);
  }

  #press(event: KeyboardEvent): void {
    const all = document.querySelectorAll<HTMLElement>(`[data-key="${CSS.escape(event.key)}"]`);
    const element = Array.from(all).find((e) => e.checkVisibility());
    if (!element) return;
    event.preventDefault();
    const details = element.parentElement;
    if (details instanceof HTMLDetailsElement) {
      details.open = true;
      details.querySelector<HTMLElement>(FIELD)?.focus();
    } else if (element.matches(FIELD)) element.focus();
    else element.click();
  }

  #show(): void {
    this.#dialog?.remove();
    const make = <K extends keyof HTMLElementTagNameMap>(tag: K, text = "", cls = ""): HTMLElementTagNameMap[K] => {
      const element = document.createElement(tag);
      element.textContent = text;
      element.className = cls;
      return element;
    };
    const dialog = (this.#dialog = make("dialog", "", "dialog"));
    const title = make("h2", this.dataset["title"]);
    title.id = "desk-keys-title";
    dialog.setAttribute("aria-labelledby", title.id);
    const list = make("dl", "", "keys");
    const row = (key: string, what: string): void => {
      const dt = make("dt");
      dt.append(make("kbd", key));
      list.append(dt, make("dd", what));
    };
    const seen = new Set<string>();
    for (const element of document.querySelectorAll<HTMLElement>("[data-key]:not(draft-keeper)")) {
      const key = element.dataset["key"] ?? "";
      if (seen.has(key)) continue;
      seen.add(key);
      row(key, element.dataset["keyText"] || element.ariaLabel || element.getAttribute("placeholder") || (element.textContent ?? "").trim());
    }
    row("Ctrl Enter", this.dataset["send"] ?? "");
    row("?", this.dataset["help"] ?? "");
    const acts = make("div", "", "acts");
    const toggle = make("button", this.dataset[off() ? "on" : "off"], "btn btn-quiet btn-small");
    toggle.type = "button";
    toggle.addEventListener("click", () => {
      localStorage.setItem(OFF, off() ? "0" : "1");
      toggle.textContent = this.dataset[off() ? "on" : "off"] ?? "";
    });
    const close = make("button", this.dataset["close"], "btn btn-primary btn-small");
    close.type = "button";
    close.addEventListener("click", () => dialog.close());
    acts.append(close, toggle);
    dialog.append(title, list, acts);
    this.append(dialog);
    dialog.showModal();
  }
}
customElements.define("desk-keys", DeskKeys);
