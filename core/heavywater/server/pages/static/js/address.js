// Addresses of a node.
// @ts-check

/** The address of something below that of the node. @param {string} path */
export function to(path) {
  return (document.documentElement.dataset.root ?? "./") + path;
}
