// Which page the search shows first. Sphinx counts where a word stands, and sorts equals by their title: what explains comes
// before what lists, and both before measurements and history.
const PLACES = [
  [/^guide\/how-do-i/, 6],
  [/^(guide\/|faq)/, 4],
  [/^measurements\//, -4],
  [/^(changelog|project\/)/, -6],
  [/^coming-from/, -1],
  [/^reference\//, 0],
  [/^(gallery|parameters)\//, 2],
];

var Scorer = {
  score: ([page, , , , score]) => score + (PLACES.find(([pattern]) => pattern.test(page)) ?? [, 3])[1],
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
