const SHOW_AFTER_MS = 300;
const OFFER_RETRY_AFTER_MS = 5000;

/**
 * Shows over a part of the page that something else is loading there, and after five seconds offers to try again. Meanwhile
 * nothing in it can be used: what one typed would go to the conversation that one has left. Gives a function that ends it.
 */
export function showLoading(element, retry) {
  element.querySelector(".loading")?.remove();
  const cover = document.createElement("div");
  cover.className = "loading";
  cover.setAttribute("role", "status");
  const parts = [...element.children];
  for (const part of parts) part.inert = true;
  const timers = [
    setTimeout(() => {
      cover.textContent = "Loading …";
      element.append(cover);
    }, SHOW_AFTER_MS),
    setTimeout(() => {
      const button = document.createElement("button");
      button.className = "button";
      button.textContent = "Retry";
      button.addEventListener("click", retry);
      cover.replaceChildren("Still trying … ", button);
      element.append(cover);
    }, OFFER_RETRY_AFTER_MS),
  ];
  return () => {
    for (const timer of timers) clearTimeout(timer);
    for (const part of parts) part.inert = false;
    cover.remove();
  };
}
