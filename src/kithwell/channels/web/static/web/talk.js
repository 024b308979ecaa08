/** /talk/c: when words began a new conversation (the old one had ended or was put away), show that one. */
document.addEventListener("kw:sent", async () => {
  const thread = document.querySelector("live-thread");
  if (!thread) return location.reload();
  const shown = new URL(thread.dataset.src, location.href).searchParams.get("of");
  try {
    const answer = await fetch("/talk/c/now", { cache: "no-store" });
    const open = answer.headers.get("X-Of");
    if (answer.ok && open && open !== shown) location.reload();
  } catch {
    /* no connection: the next message or a reload shows it */
  }
});
