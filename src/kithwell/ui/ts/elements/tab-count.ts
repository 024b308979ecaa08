/** <tab-count data-n>: how much waits for this person, in front of the page's title, for those who look at another tab. */
class TabCount extends HTMLElement {
  connectedCallback(): void {
    const n = Number(this.dataset["n"]) || 0;
    document.title = (n ? `(${n}) ` : "") + document.title.replace(/^\(\d+\) /, "");
  }
}
customElements.define("tab-count", TabCount);
