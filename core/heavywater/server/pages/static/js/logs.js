// The newest lines are those that are wanted.
// @ts-check
const log = document.getElementById("log");
if (log) log.scrollTop = log.scrollHeight;
