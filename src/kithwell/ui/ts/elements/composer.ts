/**
 * <kw-composer> round a form with client_key and version: sends without leaving the page.
 *
 * The words stay in the box until the server has them. A failed sending is tried again under the same client key, so
 * that the server can tell that it is the same message; words that were changed meanwhile are a new message.
 */
import { freshKey } from "./page";

const PATIENCE = 20_000;
const SHOW_COUNTER = 0.8;

class Composer extends HTMLElement {
  #form!: HTMLFormElement;
  #area!: HTMLTextAreaElement;
  #button!: HTMLButtonElement;
  #busy = false;
  #tried = "";

  connectedCallback(): void {
    const form = this.querySelector("form");
    const area = form?.querySelector("textarea");
    const button = form?.querySelector<HTMLButtonElement>("button[type=submit]");
    if (!form || !area || !button) return;
    [this.#form, this.#area, this.#button] = [form, area, button];
    form.noValidate = true;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#send();
    });
    area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
    area.addEventListener("input", () => this.#count());
    this.#count();
  }

  #field(name: string): HTMLInputElement | null {
    return this.#form.querySelector(`input[name="${name}"]`);
  }

  #count(): number {
    const most = Number(this.dataset["max"]) || Infinity;
    const left = most - Array.from(this.#area.value).length;
    const counter = this.#form.querySelector<HTMLElement>(".counter");
    if (counter) {
      counter.hidden = left > most * (1 - SHOW_COUNTER);
      counter.classList.toggle("is-over", left < 0);
      counter.textContent = `${Math.abs(left)} ${this.dataset[left < 0 ? "over" : "left"] ?? ""}`;
    }
    return left;
  }

  async #send(): Promise<void> {
    const text = this.#area.value;
    if (this.#busy || !text.trim() || this.#count() < 0) {
      this.#area.focus();
      return;
    }
    const key = this.#field("client_key");
    if (key && (!key.value || (this.#tried && this.#tried !== text))) key.value = freshKey();
    this.#tried = text;
    this.#lock(true);
    this.#problem("");
    const pending = this.#pending(text);
    const problem = await this.#post();
    this.#lock(false);
    if (problem) {
      pending?.remove();
      this.#problem(problem);
      return;
    }
    if (pending) pending.dataset["pending"] = "sent";
    this.#tried = "";
    this.#area.value = "";
    this.#area.dispatchEvent(new Event("input", { bubbles: true }));
    this.#area.focus();
    this.dispatchEvent(new CustomEvent("kw:sent", { bubbles: true }));
  }

  /** "" when the server has it, else what to tell the person. */
  async #post(): Promise<string> {
    const said = (name: string): string => this.dataset[name] ?? this.dataset["failed"] ?? "…";
    try {
      const answer = await fetch(this.#form.getAttribute("action") ?? "", {
        method: "POST",
        body: new FormData(this.#form),
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.redirected && /^\/(sign-in|step-up)/.test(new URL(answer.url).pathname)) return said("signedout");
      if (answer.ok) {
        const version = answer.headers.get("X-Version");
        const field = this.#field("version");
        if (version && field) field.value = version;
        const key = this.#field("client_key");
        if (key) key.value = answer.headers.get("X-Client-Key") || freshKey();
        return "";
      }
      if (answer.status === 401) return said("signedout");
      if (answer.status === 404 && this.dataset["gone"]) return said("gone");
      const told = await answer.json().then((data: { message?: string }) => data.message ?? "", () => "");
      return told || said(answer.status === 409 ? "conflict" : "failed");
    } catch {
      return said(navigator.onLine ? "failed" : "offline");
    }
  }

  #lock(busy: boolean): void {
    this.#busy = busy;
    this.#area.readOnly = busy;
    this.#button.setAttribute("aria-disabled", String(busy));
  }

  #problem(text: string): void {
    const line = this.#form.querySelector<HTMLElement>(".wrong");
    if (!line) return;
    line.hidden = !text;
    line.replaceChildren(text);
    this.#form.classList.toggle("is-wrong", !!text);
    if (!text) return;
    const again = document.createElement("button");
    again.type = "submit";
    again.className = "btn btn-quiet btn-small";
    again.textContent = this.dataset["retry"] ?? "";
    line.append(again);
    this.#area.focus();
  }

  /** The words as they will stand, greyed, until the server's own bubble takes the place. */
  #pending(text: string): HTMLElement | undefined {
    const log = document.querySelector<HTMLElement>("live-thread [role=log]");
    if (!log) return undefined;
    const bubble = document.createElement("article");
    bubble.className = "bubble is-own is-pending";
    bubble.dataset["pending"] = "sending";
    bubble.ariaHidden = "true";
    const body = document.createElement("div");
    body.className = "bubble-body";
    body.dir = "auto";
    body.textContent = text;
    const foot = document.createElement("p");
    foot.className = "bubble-foot";
    foot.textContent = this.dataset["sending"] ?? "";
    bubble.append(body, foot);
    log.append(bubble);
    bubble.scrollIntoView({ block: "nearest" });
    return bubble;
  }
}
customElements.define("kw-composer", Composer);
