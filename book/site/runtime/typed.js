// What a reader has typed in place of the book's code: kept in the browser, across visits, until the book's own code
// is another. A browser may refuse to keep it, or have no room; then it is there as long as the page is.

export function typed(key, book) {
  try {
    const kept = JSON.parse(localStorage.getItem(key));
    if (kept?.book === book) return kept.text;
    if (kept) localStorage.removeItem(key);
  } catch {
    // nothing that could be read
  }
  return book;
}

export function keep(key, book, text) {
  try {
    if (text === book) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify({ book, text }));
  } catch {
    // refused
  }
}
