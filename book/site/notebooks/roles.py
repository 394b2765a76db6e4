"""What becomes of the book's roles in a notebook: words, with links into the notebook or to the site."""

import re

from . import citations, labels, names, sources, thread
from .sources import Trouble

TEXT_AND_TARGET = re.compile(r"(.+?)\s*<([^<>]+)>")


class Roles:
    """The roles of one chapter; `cited` collects the works that it cites."""

    def __init__(self, here):
        self.here, self.cited = here, set()

    def write(self, name, content):
        """Return a role in plain Markdown."""
        method = getattr(self, f"_{name.replace(':', '_')}", None)
        if method is None:
            raise Trouble(f"a notebook cannot show the role {{{name}}}: {content}")
        return method(content)

    def _term(self, content):
        shown, target = parts(content)
        if target.lower() not in labels.terms():
            raise Trouble(f"no term `{target}` in the glossary")
        return f"[{shown}]({labels.terms()[target.lower()]})"

    def _doc(self, content):
        shown, target = parts(content)
        page = labels.book().get(sources.name(target))
        if page is None:
            raise Trouble(f"no page `{target}` in the book")
        return f"[{page.title if shown == target else shown}]({page.address})"

    def _eq(self, label):
        number, address = labels.lookup("equations", label, self.here)
        return f"[({number})]({address})"

    def _numref(self, label):
        number, address = labels.lookup("figures", label, self.here)
        return f"[Fig. {number}]({address})"

    def _ref(self, label):
        if label.startswith("ex-"):
            (number, _), address = labels.lookup("exercises", label, self.here)
            return f"[Exercise {number}]({address})"
        title, address = labels.lookup("targets", label, self.here)
        return f"[{title}]({address})"

    def _cite(self, keys):
        works = [
            f"[{citations.authors(key)} {citations.year(key)}]({self._work(key)})" for key in split(keys)
        ]
        return f"({'; '.join(works)})"

    def _cite_t(self, keys):
        works = [
            f"{citations.authors(key)} ([{citations.year(key)}]({self._work(key)}))" for key in split(keys)
        ]
        return ", ".join(works)

    def _work(self, key):
        self.cited.add(key)
        return f"#cite-{key}"

    def _implements(self, content):
        function, _, test = content.partition(" ")
        if not names.has_test(test):
            raise Trouble(f"no test `{test}` that checks `{function}`")
        shown, file = test.rpartition("::")[2], labels.repository(test.partition("::")[0])
        return f"*Computed by* {self._py_func(function)}, *checked by* [`{shown}`]({file})."

    def _mychain(self, shown):
        return f"[`{shown}`]({labels.site()}{thread.address(sources.name(self.here.address))})"

    def _py_func(self, function):
        target = names.find_function(function)
        if target is None:
            raise Trouble(f"no function `{function}` in the library")
        return f"[`{function}`]({labels.book()['library'].address}#{target})"


def parts(content):
    """Return (what is shown, target) of «coherences <coherence>» or of a target alone."""
    match = TEXT_AND_TARGET.fullmatch(content)
    return match.groups() if match else (content, content)


def split(keys):
    return [key.strip() for key in keys.split(",")]


def references(cited):
    """Return the list of works that a chapter cites, in Markdown."""
    works = sorted(cited, key=lambda key: (citations.authors(key), citations.year(key)))
    lines = [f'- <a id="cite-{key}"></a>{citations.reference(key)}' for key in works]
    return "\n".join(["## References", "", *lines])
