// Shows that there is news, and nothing else: what is pushed has no content. It keeps nothing and answers no requests.
self.addEventListener("push", (event) => {
  let told = { title: "…", url: "/me/notices", lang: "" };
  try {
    told = Object.assign(told, event.data ? event.data.json() : {});
  } catch {
    // an empty or unreadable push still has to show something: browsers ask for it
  }
  const shown = { tag: "news", lang: told.lang, data: { url: told.url }, renotify: false };
  event.waitUntil(self.registration.showNotification(told.title, shown));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data?.url ?? "/", self.location.origin);
  if (url.origin !== self.location.origin) return;
  event.waitUntil(self.clients.openWindow(url.href));
});
