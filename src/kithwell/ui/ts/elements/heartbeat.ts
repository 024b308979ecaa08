/**
 * <heartbeat-ping data-src data-every>: tells the server that this desk is still there (its leases depend on it).
 * It shares no module with app.ts, so that the bundle of every page stays one file.
 */
class HeartbeatPing extends HTMLElement {
  #timer = 0;
  #missed = 0;
  #told: (() => void) | undefined;

  connectedCallback(): void {
    const every = 1000 * (Number(this.dataset["every"]) || 20);
    const beat = (): void => void this.#beat();
    beat();
    this.#timer = setInterval(beat, every);
    document.addEventListener("visibilitychange", () => !document.hidden && beat());
  }

  disconnectedCallback(): void {
    clearInterval(this.#timer);
  }

  async #beat(): Promise<void> {
    const token = this.querySelector<HTMLInputElement>("input")?.value ?? "";
    const ok = await fetch(this.dataset["src"] ?? "", {
      method: "POST",
      headers: { "X-CSRFToken": token, Accept: "application/json" },
      signal: AbortSignal.timeout(10_000),
    }).then((answer) => answer.ok, () => false);
    this.#missed = ok ? 0 : this.#missed + 1;
    if (ok) {
      this.#told?.();
      this.#told = undefined;
    } else if (this.#missed >= 2 && !this.#told) {
      const line = document.createElement("p");
      line.textContent = this.dataset["lost"] ?? "";
      document.getElementById("notices")?.append(line);
      this.#told = () => line.remove();
    }
  }
}
customElements.define("heartbeat-ping", HeartbeatPing);
