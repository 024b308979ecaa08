/**
 * <server-draft> round a form: what is typed is kept on the server a moment after the last key, so that it is there on
 * every device. Without scripts the button "Keep as a draft" does the same.
 */
const AFTER = 2500; // milliseconds after the last key

class ServerDraft extends HTMLElement {
  #timer = 0;
  #sent = false;

  connectedCallback(): void {
    const form = this.querySelector("form");
    if (!form) return;
    form.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => void this.#keep(form), AFTER);
    });
    form.addEventListener("submit", () => {
      this.#sent = true;
      clearTimeout(this.#timer);
    });
    addEventListener("pagehide", () => {
      if (this.#timer && !this.#sent) void this.#keep(form, true);
    });
  }

  async #keep(form: HTMLFormElement, last = false): Promise<void> {
    this.#timer = 0;
    const words = new FormData(form);
    words.delete("picture");
    words.set("act", "draft");
    const note = this.querySelector<HTMLElement>("[data-draft-note]");
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: words,
        headers: { Accept: "application/json" },
        credentials: "same-origin",
        keepalive: last,
      });
      if (note && !this.#sent) note.textContent = (answer.ok ? this.dataset["said"] : this.dataset["lost"]) ?? "";
    } catch {
      if (note) note.textContent = this.dataset["lost"] ?? "";
    }
  }
}
customElements.define("server-draft", ServerDraft);
