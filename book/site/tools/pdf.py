"""Print the built book: python book/site/tools/pdf.py _build/html dist/excitons-on-the-move.pdf.

The pages of the site follow each other as chapters of one document, with the numbers they have on the site;
explorers stand still, worked solutions are gathered at the back. Chromium sets it.
"""

import argparse
import re
import sys
import threading
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import chromium
import serve
import yaml
from bs4 import BeautifulSoup

ROOT = Path(__file__).parents[3]
DROPPED = (
    ".headerlink, .run-live, .explorer-clock, .explorer-settings, .explorer-controls, .explorer-state, "
    ".explorer-buttons, .explorer-spoken, .explorer-other, "
    ".explorer progress, .explorer canvas, "
    ".explorer-dark, .explorer noscript, details.hide, script, .toggle-button, nav, .question .answer, "
    ".task output, .task-hint, .live-bar"
)
ON_SCREEN = ("/genindex.html", "/py-modindex.html")  # pages that are not printed
STYLE = """
@page { size: A4; margin: 22mm 20mm 20mm; }
html, body { background: #fff !important; font-size: 10.5pt; }
.page { break-before: page; max-width: none; }
h1, h2, h3, figcaption { break-after: avoid; }
figure, .exercise, .question, .task, .admonition, table, div.math { break-inside: avoid; }
.solution { break-inside: auto; }
pre { white-space: pre-wrap !important; overflow-wrap: anywhere; }
img { max-width: 100% !important; height: auto; }
.bd-article :is(p, ul, ol, dl, .question, .admonition, blockquote, details, table) { max-width: none; }
.cover { height: 240mm; display: flex; flex-direction: column; justify-content: center; }
.cover h1 { font-size: 34pt; }
.contents ol { list-style: none; padding-left: 0; columns: 1; }
"""

# What the print must not have: pictures that did not load, formulas as source, links to nowhere, leftovers.
FAULTS = """() => [
    ...[...document.images].filter((i) => !i.naturalWidth).map((i) => `picture ${i.src}`),
    ...[...document.querySelectorAll("a[href^='#']")]
        .filter((a) => !document.getElementById(decodeURIComponent(a.hash.slice(1))))
        .map((a) => `link ${a.getAttribute("href")}`),
    ...(document.body.innerText.match(/\\?\\?|.*(Box|Slider|Output)\\(.*\\)/g) || [])
        .filter((words) => !words.includes("=") || words.includes("children"))
        .map((words) => `left over ${words}`),
]"""


def documents():
    """Return [(part, document)] in the order of the table of contents."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    first = [("", toc["root"])]
    return first + [(part["caption"], c["file"]) for part in toc["parts"] for c in part["chapters"]]


def anchor(address, name=""):
    """Return the anchor in the one document for an anchor `name` of the page at `address`."""
    return "-".join(filter(None, [re.sub(r"\W+", "-", urlsplit(address).path).strip("-"), name]))


def article_of(site, document, home):
    """Return a page's article, its style sheets, and its solutions, with addresses of the one document."""
    address = f"{home}{document}.html"
    page = BeautifulSoup((site / f"{document}.html").read_text("utf-8"), "html.parser")
    article = page.find("article")
    for tag in article.select(DROPPED):
        tag.decompose()
    for details in article.find_all("details"):
        details["open"] = ""
    for tag in article.find_all(id=True):
        tag["id"] = anchor(address, tag["id"])
    for tag in article.find_all("label", attrs={"for": True}):
        tag["for"] = anchor(address, tag["for"])
    for source in article.find_all("source"):
        source.decompose()
    for tag in article.find_all("img"):
        tag["src"] = urljoin(address, tag["src"])
        tag.attrs.pop("loading", None)
    for link in article.find_all("a", href=True):
        target, name = urldefrag(urljoin(address, link["href"]))
        if target.endswith(ON_SCREEN):
            link.unwrap()
        elif target.startswith(home):
            link["href"] = f"#{anchor(target, name)}" if target.endswith(".html") else target
    styles = [urljoin(address, link["href"]) for link in page.find_all("link", rel="stylesheet")]
    solutions = [tag.extract() for tag in article.select(".solution")]
    article.name = "div"
    article["id"] = anchor(address)
    article["class"] = ["bd-article", "page"]
    return article, styles, solutions


def compose(site, home):
    """Return the whole book as one HTML document."""
    styles, pages, contents, solved = {}, [], [], []
    part = ""
    for caption, document in documents():
        article, own, solutions = article_of(site, document, home)
        title = article.h1.get_text(" ", strip=True)
        styles |= dict.fromkeys(own)
        if caption != part:
            contents.append(f'<li class="part"><strong>{caption}</strong></li>')
            part = caption
        contents.append(f'<li><a href="#{article["id"]}">{title}</a></li>')
        pages.append(str(article))
        if solutions:
            solved.append(f"<section><h2>{title}</h2>{''.join(map(str, solutions))}</section>")
    contents.append('<li><a href="#solutions">Solutions</a></li>')
    pages.append(f'<div id="solutions" class="bd-article page"><h1>Solutions</h1>{"".join(solved)}</div>')
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    sheets = "".join(f'<link rel="stylesheet" href="{address}">' for address in styles)
    return (
        f'<!doctype html><html lang="en" data-theme="light"><head><meta charset="utf-8">'
        f"<title>{config['title']}</title>{sheets}<style>{STYLE}</style></head><body><main>"
        f'<div class="bd-article cover"><h1>{config["title"]}</h1><p>{config["author"]}</p></div>'
        f'<div class="bd-article page contents"><h1>Contents</h1><ol>{"".join(contents)}</ol></div>'
        f'<div class="bd-content bd-article-container">{"".join(pages)}</div></main></body></html>'
    )


def write(site, target, kept=None):
    """Print the book at `site` into the file `target`; what is printed goes into the file `kept` too."""
    from playwright.sync_api import sync_playwright

    with serve.server(site) as http, sync_playwright() as playwright:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        home = f"http://127.0.0.1:{http.server_port}/"
        html = compose(site, home)
        if kept:
            kept.write_text(html, "utf-8")
        browser = chromium.launch(playwright)
        page = browser.new_page()
        page.route(f"{home}print.html", lambda route: route.fulfill(body=html, content_type="text/html"))
        page.goto(f"{home}print.html", wait_until="networkidle", timeout=120_000)
        page.wait_for_function("[...document.images].every((image) => image.complete)", timeout=120_000)
        faults = page.evaluate(FAULTS)
        page.pdf(
            path=target,
            prefer_css_page_size=True,
            print_background=True,
            outline=True,
            tagged=True,
            display_header_footer=True,
            header_template="<span></span>",
            footer_template=(
                '<div style="width: 100%; text-align: center; font-size: 8pt; color: #555">'
                '<span class="pageNumber"></span></div>'
            ),
        )
        browser.close()
        http.shutdown()
    return faults


def main():
    parser = argparse.ArgumentParser(description="Print the built book.")
    parser.add_argument("site", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--html", type=Path, help="a file for the document as it is before it is set")
    options = parser.parse_args()
    if chromium.path() is None:
        sys.exit(chromium.MISSING)
    options.target.parent.mkdir(exist_ok=True)
    faults = write(options.site, options.target, kept=options.html)
    if faults:
        sys.exit("\n".join(faults))
    print(f"{options.target} {options.target.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
