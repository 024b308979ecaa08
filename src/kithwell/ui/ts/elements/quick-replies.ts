/** A button with data-insert puts its words where the cursor is in the composer, to be looked over and sent by a person. */
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-insert]") : null;
  const area = document.querySelector<HTMLTextAreaElement>("kw-composer textarea");
  if (!button || !area) return;
  button.closest("dialog")?.close();
  area.setRangeText(button.dataset["insert"] ?? "", area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
});

export {};
