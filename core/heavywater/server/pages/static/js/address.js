// Addresses of a node.
// @ts-check

/** The address of something below that of the node. @param {string} path */
export function to(path) {
  return (document.documentElement.dataset.root ?? "./") + path;
}

/** When the user has last begun to leave the page. */
let left = 0;
const PATIENCE = 3000; // milliseconds until a page that is still there is not being left: what was asked for was a file

addEventListener("beforeunload", () => {
  left = Date.now();
});

/** Go to an address without the user having asked: not while the user is on the way elsewhere, which would be given up for it.
 * @param {string} address */
export function go(address) {
  const wait = left + PATIENCE - Date.now();
  if (wait > 0) setTimeout(go, wait, address);
  else if (address === location.href) location.reload();
  else location.replace(address);
}
