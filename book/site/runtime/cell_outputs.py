"""What a cell's code puts out, in its order: text as it is written, pictures, tables, an error at the end."""

import base64
import io
import pprint

import cell_html

TEXT_LIMIT, PICTURE_LIMIT = 50_000, 20  # characters and pictures of one run; more would choke the page
LARGEST = 40e6  # pixels of a figure; more would need more memory than a browser gives
PROMPT_LINES = 200  # of a run are sent at once, later ones in pieces of
PIECE = 4_000  # characters
CONTAINERS = (dict, list, set, tuple)


class Screen:
    """Where the outputs of one run go; `send` takes each as a dict."""

    def __init__(self, send):
        self._send = send
        self._waiting = ("", "")  # kind, text
        self._lines = self._characters = self._pictures = 0

    def put(self, kind, **content):
        self.flush()
        self._send({"kind": kind, **content})

    def write(self, text, kind="text"):
        if self._characters > TEXT_LIMIT:
            return
        self._characters += len(text)
        if self._characters > TEXT_LIMIT:
            text = text[:TEXT_LIMIT] + f"\n… what comes after {TEXT_LIMIT:,} characters is not shown.\n"
        if self._waiting[0] != kind:
            self.flush()
        self._waiting = (kind, self._waiting[1] + text)
        self._lines += text.count("\n")
        prompt = self._lines <= PROMPT_LINES and text.endswith("\n")
        if prompt or len(self._waiting[1]) > PIECE or self._characters > TEXT_LIMIT:
            self.flush()

    def flush(self):
        kind, text = self._waiting
        self._waiting = ("", "")
        if text:
            self.put(kind, text=text)

    def picture(self, png, width, words):
        """Show a PNG, `width` pixels of the page wide; the page keeps room for it before it is unpacked."""
        self._pictures += 1
        if self._pictures <= PICTURE_LIMIT:
            wide, high = int.from_bytes(png[16:20]), int.from_bytes(png[20:24])
            width = width or wide
            size = {"width": width, "height": round(width * high / max(wide, 1))}
            self.put("picture", png=base64.b64encode(png).decode(), words=words, **size)
        elif self._pictures == PICTURE_LIMIT + 1:
            self.write(f"… what comes after {PICTURE_LIMIT} pictures is not shown.\n")

    def draw(self, figure):
        """Show a figure as the notebooks do: two pixels for one, without an empty border."""
        width, height = (round(2 * figure.dpi * inches) for inches in figure.get_size_inches())
        if width * height > LARGEST:
            raise ValueError(
                f"a figure of {width} × {height} pixels is too large for a page: see its figsize"
            )
        file = io.BytesIO()
        look = {"dpi": 2 * figure.dpi, "facecolor": figure.get_facecolor()}
        figure.savefig(file, format="png", bbox_inches="tight", **look)
        png = file.getvalue()
        self.picture(png, int.from_bytes(png[16:20]) // 2, words_of(figure))

    def display(self, value):
        """Show a value in the richest form that the page knows."""
        if isinstance(value, type):
            self.write(f"{value!r}\n")
        elif hasattr(value, "savefig") and hasattr(value, "axes"):
            self.draw(value)
        elif (bundle := form(value, "_repr_mimebundle_")) is not None:
            self._bundle(bundle)
        elif (html := form(value, "_repr_html_")) is not None:
            self.put("html", tree=cell_html.tree(html))
        else:
            plain = type(value) not in CONTAINERS
            self.write((repr(value) if plain else pprint.pformat(value, sort_dicts=False)) + "\n")

    def _bundle(self, bundle):
        data, about = bundle if isinstance(bundle, tuple) else (bundle, {})
        words = data.get("text/plain", "")
        if png := data.get("image/png"):
            png = base64.b64decode(png) if isinstance(png, str) else png
            self.picture(png, about.get("image/png", {}).get("width"), words or "Picture of this run")
        elif "text/html" in data:
            self.put("html", tree=cell_html.tree(data["text/html"]))
        else:
            self.write(f"{words}\n")


class Stream(io.TextIOBase):
    """What `print` writes to."""

    def __init__(self, screen, kind):
        self._screen, self._kind = screen, kind

    def writable(self):
        return True

    def write(self, text):
        self._screen.write(text, self._kind)
        return len(text)

    def flush(self):
        self._screen.flush()


def form(value, method):
    """Return what `method` of a value gives; None, as in Jupyter, where it has no such form."""
    return getattr(value, method)() if hasattr(value, method) else None


def words_of(figure):
    """Say in words what a figure shows: the titles and axes of its panels."""
    panels = []
    for axes in figure.axes:
        x, y = axes.get_xlabel(), axes.get_ylabel()
        words = [axes.get_title(), f"{y} against {x}" if x and y else x or y]
        panels.append(", ".join(filter(None, words)))
    return f"Picture of this run: {'; '.join(filter(None, panels)) or 'no axis has a label'}"
