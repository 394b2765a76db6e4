// Finds places of the book: which words count as the same, and which place answers best.

// Words that say nothing about what is looked for.
const SILENT = new Set(
  ("a about all also am an and any are as at be because been but by can could did do does for from had has have how i " +
    "if in into is it its me my no nor not of on or our should so than that the their them then there these they this " +
    "those to was we were what when where which who whom whose why will with would you your").split(" "),
);
const GREEK = (
  "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau upsilon phi " +
  "chi psi omega"
).split(" ");
const SIGNS = new Map(GREEK.map((name, place) => [String.fromCharCode(0x3b1 + place), name]));
for (const [sign, name] of Object.entries({ ϵ: "epsilon", ϑ: "theta", ϕ: "phi", ϱ: "rho", ℏ: "hbar", ħ: "hbar" })) {
  SIGNS.set(sign, name);
}
// British spellings become those of the book; what that does to other words it does to them everywhere.
const SPELLINGS = [
  [/is(e|es|ed|ing|er|ers|ation|ations)$/, "iz$1"],
  [/ys(e|es|ed|ing)$/, "yz$1"],
  [/(?<=..)our(s|ed|ing|al|less|hood)?$/, "or$1"],
  [/(?<=..)tre(s?)$/, "ter$1"],
  [/ll(ing|ed|er|ers)$/, "l$1"],
];
// A Greek letter is a word; so is a function with its variable, and the function alone.
const WORD = /\p{L}\(\p{L}\)|[ℏħ\p{Script=Greek}]|(?:(?![ℏħ\p{Script=Greek}])[\p{L}\p{N}])+/gu;

const KINDS = { page: 1.5, term: 1.2, function: 0.7, module: 0.4, exercise: 0.6, solution: 0.5, reference: 0.05 };
// Pages about the book, not about its subject, and lists of what others have written.
const ASIDE = /^(changelog|inside|instructors|assignments|which-package)\b|#what-to-read-next$/;
const LOOKED_AT = 100; // places of which the order of words is looked at
const fuzzy = (key) => (key.length > 4 ? 0.2 : false);
const STEPS = [{ combineWith: "AND" }, { combineWith: "AND", fuzzy, prefix: true }, { combineWith: "OR", fuzzy }];

const worth = ({ kind, address }) => (KINDS[kind] ?? 1) * (ASIDE.test(address.split("/").pop()) ? 0.3 : 1);

export const wordsIn = (text) =>
  (text.match(WORD) ?? []).flatMap((word) => (word.endsWith(")") ? [word, word[0]] : [word]));

export class Finder {
  constructor(records, { MiniSearch, stemmer }) {
    this.records = records;
    this.stemmer = stemmer;
    this.index = new MiniSearch({
      idField: "address",
      fields: ["title", "page", "words"],
      tokenize: wordsIn,
      processTerm: (word) => this.keyOf(word),
      searchOptions: { boost: { title: 4, page: 1.5 } },
    });
    this.index.addAll(records);
    this.places = new Map(records.map((record) => [record.address, record]));
  }

  // What a word counts as, or nothing: its stem, without accents, as Americans spell it.
  keyOf(word) {
    let key = word.toLowerCase();
    if (SIGNS.has(key)) return SIGNS.get(key);
    key = key.normalize("NFD").replace(/\p{M}/gu, "");
    if (SILENT.has(key)) return null;
    for (const [british, american] of SPELLINGS) key = key.replace(british, american);
    return this.stemmer(key);
  }

  keysOf(text) {
    return wordsIn(text).map((word) => this.keyOf(word)).filter(Boolean);
  }

  // How much more a place is worth that has the words in their order.
  orderOf(query, { title, words }) {
    const found = (text) => ` ${this.keysOf(text).join(" ")} `.includes(query);
    if (` ${this.keysOf(title).join(" ")} ` === query) return 3;
    if (found(title)) return 2;
    return found(words) ? 1.5 : 1;
  }

  // Where in a text words with these keys stand.
  marks(text, keys) {
    const words = [...text.matchAll(WORD)].flatMap(({ index, 0: word }) =>
      wordsIn(word).map((part) => ({ start: index, end: index + part.length, key: this.keyOf(part) })),
    );
    return words.filter(({ key }) => keys.has(key));
  }

  // The definition of the glossary that is asked for, if one is, and the places that have all words, or else nearly
  // those, or else some, the best first; each with the keys that it has. The chapter that a definition names leads.
  find(query) {
    const line = ` ${this.keysOf(query).join(" ")} `;
    const isAsked = ({ names = [] }) => names.some((name) => ` ${this.keysOf(name).join(" ")} ` === line);
    const answer = this.records.find(isAsked);
    const hits = STEPS.map((options) => this.index.search(query, options)).find(({ length }) => length) ?? [];
    const places = hits.map(({ id, score, terms }) => ({ ...this.places.get(id), keys: new Set(terms), score }));
    for (const place of places) place.score *= worth(place);
    const best = (one, other) => other.score - one.score;
    for (const place of places.sort(best).slice(0, LOOKED_AT)) place.score *= this.orderOf(line, place);
    places.sort(best);
    for (const chapter of answer?.chapters ?? []) {
      const at = places.findIndex(({ address }) => address.startsWith(chapter));
      const [first] = at < 0 ? [{ ...this.places.get(chapter), keys: new Set() }] : places.splice(at, 1);
      places.unshift(first);
    }
    return { answer, places: places.filter(({ address }) => address !== answer?.address) };
  }
}
