/**
 * Makes an element like a fresh one and changes no more than differs: what has the focus keeps it, what is open or half
 * typed or scrolled stays so. Elements with `data-key` or an id are found again by it, others by their place.
 */
export function morph(old, fresh) {
  if (old.nodeName !== fresh.nodeName) return old.replaceWith(fresh);
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && !OWN.has(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) {
    if (!OWN.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  morphChildren(old, fresh);
}

/** What the reader or a script of the page has set. */
const OWN = new Set(["open", "aria-busy"]);

const key = (node) => node.dataset?.key || node.id || null;

function morphChildren(old, fresh) {
  const wanted = new Set([...fresh.children].map(key));
  for (const child of [...old.children]) if (key(child) && !wanted.has(key(child))) child.remove();
  const known = new Map([...old.children].map((child) => [key(child), child]));
  let at = old.firstChild;
  const drop = () => {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  };
  for (const child of [...fresh.childNodes]) {
    const name = key(child);
    const same = name ? known.get(name) : at && !key(at) && at.nodeName === child.nodeName ? at : null;
    // Rather than moving the one that is wanted: what is moved loses the focus.
    while (name && same && at && at !== same && !key(at)) drop();
    if (!same) old.insertBefore(child, at);
    else if (same === at) at = at.nextSibling;
    else old.insertBefore(same, at);
    if (same) morph(same, child);
  }
  while (at) drop();
}
