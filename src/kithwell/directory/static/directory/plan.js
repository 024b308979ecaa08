/** <help-plan>: keeps the plan on this device if the person ticks the box; print and delete. Works on /help only. */
const KEY = "kw:plan";

class HelpPlan extends HTMLElement {
  connectedCallback() {
    const areas = [...this.querySelectorAll("textarea")];
    const keep = this.querySelector("#keep");
    const said = this.querySelector("[data-said]");
    const read = () => {
      try {
        return JSON.parse(localStorage.getItem(KEY) ?? "null");
      } catch {
        return null;
      }
    };
    const save = () => {
      if (!keep.checked) return;
      try {
        localStorage.setItem(KEY, JSON.stringify(areas.map((area) => area.value)));
        said.textContent = this.dataset.kept;
      } catch {
        keep.checked = false;
      }
    };
    const forget = () => {
      localStorage.removeItem(KEY);
      said.textContent = this.dataset.forgotten;
    };
    const kept = read();
    if (Array.isArray(kept)) {
      keep.checked = true;
      areas.forEach((area, n) => (area.value ||= String(kept[n] ?? "")));
    }
    this.querySelector(".js").hidden = false;
    this.addEventListener("input", (event) => event.target !== keep && save());
    keep.addEventListener("change", () => (keep.checked ? save() : forget()));
    this.querySelector("[data-do=print]").addEventListener("click", () => print());
    this.querySelector("[data-do=forget]").addEventListener("click", () => {
      keep.checked = false;
      areas.forEach((area) => (area.value = ""));
      forget();
    });
  }
}
customElements.define("help-plan", HelpPlan);
