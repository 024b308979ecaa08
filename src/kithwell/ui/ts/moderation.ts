/** A ready sentence goes to the end of the field it names (data-into), to be changed to what really happened. */
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-into]") : null;
  const area = document.getElementById(button?.dataset["into"] ?? "");
  if (!button || !(area instanceof HTMLTextAreaElement)) return;
  button.closest("dialog")?.close();
  const before = area.value.trimEnd();
  area.value = (before ? before + " " : "") + (button.dataset["insert"] ?? "");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
});

export {};
