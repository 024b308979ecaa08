/** <kw-dialog> round a <details>: the same content as a modal dialog. Without scripts it unfolds in place. */
class KwDialog extends HTMLElement {
  connectedCallback(): void {
    const details = this.querySelector("details");
    const summary = details?.querySelector("summary");
    const content = details?.querySelector<HTMLElement>(":scope > div");
    if (!details || !summary || !content) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = `btn btn-${this.dataset["kind"] ?? "quiet"}`;
    button.append(...Array.from(summary.childNodes));
    for (const name of ["key", "keyText"]) {
      const value = this.dataset[name];
      if (value) button.dataset[name] = value;
      delete this.dataset[name];
    }
    const dialog = document.createElement("dialog");
    dialog.className = "dialog";
    const head = document.createElement("div");
    head.className = "dialog-head";
    const title = document.createElement("h2");
    title.textContent = this.dataset["title"] ?? "";
    title.id = `d-${Math.random().toString(36).slice(2)}`;
    dialog.setAttribute("aria-labelledby", title.id);
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn btn-plain btn-small";
    close.textContent = this.dataset["close"] ?? "×";
    close.addEventListener("click", () => dialog.close());
    head.append(title, close);
    dialog.append(head, content);
    button.addEventListener("click", () => dialog.showModal());
    const wasOpen = details.open;
    details.replaceWith(button, dialog);
    if (wasOpen) dialog.showModal();
  }
}
customElements.define("kw-dialog", KwDialog);
