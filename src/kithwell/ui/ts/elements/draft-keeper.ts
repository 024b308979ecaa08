/**
 * <draft-keeper data-key>: what is typed inside survives a reload of this tab. It is kept on this device, in this tab
 * only, and goes when the words are sent, when the tab is closed and on Leave.
 */
import { tab } from "./page";

type Field = HTMLTextAreaElement | HTMLInputElement;

class DraftKeeper extends HTMLElement {
  connectedCallback(): void {
    const fields = Array.from(this.querySelectorAll<Field>("textarea, input[type=text]"));
    // The first field goes by the key alone, further ones by their name as well.
    fields.forEach((field, i) => this.#keep(field, `kw:draft:${this.dataset["key"] ?? ""}${i ? `:${field.name}` : ""}`));
  }

  #keep(field: Field, key: string): void {
    if (!field.value) field.value = tab.get(key);
    if (field.value) field.dispatchEvent(new Event("input", { bubbles: true }));
    field.addEventListener("input", () => tab.set(key, field.value));
    this.addEventListener("kw:sent", () => tab.set(key, ""));
    // Where no composer sends the form, the browser does; then the words have left the page.
    this.addEventListener("submit", (event) => !event.defaultPrevented && tab.set(key, ""));
  }
}
customElements.define("draft-keeper", DraftKeeper);
