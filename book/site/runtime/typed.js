// What a reader has typed in place of the book's code: kept in the browser, across visits and editions. A browser may
// refuse to keep it, or have no room; then it is there as long as the page is.

export const OLDER = "Yours, from an older edition of the book: Reset shows its new code";

// Return the text, and whether the book's own code has become another since.
export function typed(key, book) {
  try {
    const kept = JSON.parse(localStorage.getItem(key));
    if (typeof kept?.text === "string") return { text: kept.text, older: kept.book !== book };
    localStorage.removeItem(key);
  } catch {
    // nothing that could be read
  }
  return { text: book, older: false };
}

export function keep(key, book, text) {
  try {
    if (text === book) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify({ book, text }));
  } catch {
    // refused
  }
}
