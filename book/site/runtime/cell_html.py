"""The HTML of a value as a tree of words and marks: the page itself never reads HTML of a reader's code."""

from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NOT_WORDS = {"script", "style", "template", "title", "noscript", "iframe", "object", "svg", "math"}
CELL, SECTION = {"td", "th"}, {"thead", "tbody", "tfoot", "caption"}
# What an opening tag closes, for `</td>`, `</tr>`, `</li>` and `</p>` may be left out.
CLOSES = {
    **dict.fromkeys(CELL, CELL),
    "tr": CELL | {"tr"},
    **dict.fromkeys(SECTION, CELL | {"tr"} | SECTION),
    "li": {"li"},
    "p": {"p"},
}
KEPT = ("colspan", "rowspan", "scope")


class Tree(HTMLParser):
    """Nested dicts {"name", "attributes", "children"}; a child is a dict or a string."""

    def __init__(self):
        super().__init__()
        self.open = [{"name": "div", "attributes": {}, "children": []}]

    def handle_starttag(self, name, attributes):
        while len(self.open) > 1 and self.open[-1]["name"] in CLOSES.get(name, ()):
            self.open.pop()
        kept = {key: value for key, value in attributes if key in KEPT and value}
        node = {"name": name, "attributes": kept, "children": []}
        self.open[-1]["children"].append(node)
        if name not in VOID:
            self.open.append(node)

    def handle_endtag(self, name):
        places = [place for place, node in enumerate(self.open) if node["name"] == name]
        if places and places[-1]:
            del self.open[places[-1] :]

    def handle_data(self, data):
        if not any(node["name"] in NOT_WORDS for node in self.open):
            self.open[-1]["children"].append(data)


def tree(html):
    """Return the tree of an HTML text."""
    reader = Tree()
    reader.feed(html)
    reader.close()
    return reader.open[0]
