// What the search needs of its packages, bundled into minisearch.js: `npm ci && npm run build` here, after a change.
export { default as MiniSearch } from "minisearch";
export { stemmer } from "stemmer";
