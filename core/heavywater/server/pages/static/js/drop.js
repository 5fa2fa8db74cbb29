// Files may be dropped on every page.
// @ts-check

/** Whether files are what is dragged. @param {DragEvent} event */
function hasFiles(event) {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

let depth = 0;

/** @param {number} step */
function over(step) {
  depth = step ? Math.max(0, depth + step) : 0;
  document.documentElement.classList.toggle("dropping", depth > 0);
}

/** Take files that are dropped anywhere. */
export function takeDrops() {
  addEventListener("dragenter", (event) => hasFiles(event) && over(1));
  addEventListener("dragleave", (event) => hasFiles(event) && over(-1));
  addEventListener("dragover", (event) => {
    if (hasFiles(event)) event.preventDefault();
  });
  addEventListener("drop", async (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    over(0);
    const files = [...(event.dataTransfer?.files ?? [])];
    const { upload } = await import("./upload.js");
    await upload(files);
  });
}
