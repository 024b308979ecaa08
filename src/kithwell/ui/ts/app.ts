/** Every page: makes live what already works without scripts. Nothing here is needed to read, write or leave. */
import "./elements/quick-exit";
import "./elements/live-thread";
import "./elements/live-part";
import "./elements/typing-sign";
import "./elements/draft-keeper";
import "./elements/composer";
import "./elements/dialog";
import "./elements/small";
import { localTimes } from "./elements/page";

document.documentElement.classList.add("js");
localTimes(document);
document.querySelector<HTMLElement>("[data-focus]")?.focus();
