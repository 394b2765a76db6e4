"""Sphinx extension: chapters and assignments as live notebooks inside the site, in JupyterLite under `lite/`.

The notebooks run on the Python that the explorers use, with SciPy, IPython and ipywidgets beside it. Whatever
they import comes from the site; nothing is installed when they start.
"""

import hashlib
import importlib.metadata
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import lite_editions
import nbformat
import runtime
import seal
from notebooks import sources, working_copy, written
from sphinx.errors import ExtensionError

KERNEL = "@jupyterlite/pyodide-kernel-extension"
# Pure Python from the environment that builds the book: {package: what it needs besides}.
OWN = {"ipywidgets": ["ipython", "traitlets", "comm"], "comm": ["traitlets"], "tqdm": []}
# What the kernel would install one by one when it starts.
START = ["micropip", "piplite", "ssl", "sqlite3", "ipykernel", "comm", "pyodide_kernel", "jedi", "ipython"]
PACKAGES = ["jupyterlite-core", "jupyterlite-pyodide-kernel", "jupyterlab-widgets", "jupyterlab-pygments"]
EXTENSIONS = [KERNEL, working_copy.WIDGETS, "jupyterlab_pygments"]
BUILD = {
    "ignore_sys_prefix": ["federated_extensions"],
    "federated_extensions": EXTENSIONS,
    "no_sourcemaps": True,
    "no_unused_shared_packages": True,
    "apps": ["lab", "notebooks", "tree"],
}
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},
}
# JupyterLab compiles its settings' schemas, so it needs `eval`; hosts other than the site it needs not.
POLICY = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    "base-uri": "'none'",
}
KERNELSPEC = {"display_name": "Python (Pyodide)", "language": "python", "name": "python"}
ARCHIVE = "excitons-on-the-move.zip"  # all chapters, for download
BUTTON = '<p class="run-live"><a href="{url}">Run this chapter as a live notebook</a> (about 60 MB, once)</p>'


def build_app(folder):
    """Build JupyterLite without contents into `folder`, unless it is there."""
    if (folder / "index.html").is_file():
        return
    work = folder.with_name("work")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    working_copy.copy_extensions(EXTENSIONS, work)
    options = {"LiteBuildConfig": BUILD | {"output_dir": str(work / "out")}}
    (work / "jupyter_lite_config.json").write_text(json.dumps(options))
    (work / "overrides.json").write_text(json.dumps(SETTINGS))
    command = [sys.executable, "-m", "jupyterlite_core.app", "build", "--lite-dir", str(work)]
    environment = {key: value for key, value in os.environ.items() if key != "SOURCE_DATE_EPOCH"}
    done = subprocess.run(command, cwd=work, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise ExtensionError(f"JupyterLite could not be built: {(done.stderr or done.stdout)[-2000:]}")
    shutil.rmtree(folder, ignore_errors=True)
    (work / "out").rename(folder)
    shutil.rmtree(work)


def wheel_of(package):
    """Return (file name, bytes): the installed Python of `package` as a wheel."""
    distribution = importlib.metadata.distribution(package)
    name = f"{package}-{distribution.version}-py3-none-any.whl"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(distribution.files, key=str):
            if file.parts[0] != ".." and file.suffix != ".pyc":
                member = zipfile.ZipInfo(file.as_posix(), (1980, 1, 1, 0, 0, 0))
                archive.writestr(member, file.locate().read_bytes(), zipfile.ZIP_DEFLATED)
    return name, out.getvalue()


def entry(name, file_name, depends=()):
    """Return an entry of Pyodide's lock file for a pure Python package."""
    return {
        "name": name,
        "version": file_name.split("-")[1],
        "file_name": file_name,
        "install_dir": "site",
        "package_type": "package",
        "depends": list(depends),
        "imports": [name],
        "unvendored_tests": False,
    }


def write_packages(lite, live):
    """Write the wheels that notebooks need and the lock file that lists them, with those of `live`."""
    packages, files = runtime.notebook_packages()
    for name, depends in OWN.items():
        file_name, files[file_name] = wheel_of(name)
        packages[name] = entry(name, file_name, depends)
    for path in sorted((lite / "extensions" / KERNEL / "static" / "pypi").glob("*.whl")):
        name = path.name.split("-")[0]
        if name in START:
            files[path.name] = path.read_bytes()
            packages[name.replace("_", "-")] = entry(name, path.name)
    (lite / "wheels").mkdir()
    for item in packages.values():
        data = files[item["file_name"]]
        (lite / "wheels" / item["file_name"]).write_bytes(data)
        item |= {
            "file_name": f"../../lite/wheels/{item['file_name']}",
            "sha256": hashlib.sha256(data).hexdigest(),
        }
    lock = json.loads((live / "pyodide-lock.json").read_text())
    lock["packages"] |= packages
    lock["packages"]["frenkel"]["depends"] += ["scipy", "ipywidgets", "tqdm"]
    (lite / "wheels" / "pyodide-lock.json").write_text(json.dumps(lock))


def write_settings(lite):
    """Point the kernel to the site's own Python and packages."""
    path = lite / "jupyter-lite.json"
    config = json.loads(path.read_text())
    settings = config["jupyter-config-data"].setdefault("litePluginSettings", {})
    settings.setdefault(f"{KERNEL}:kernel", {}).update(
        pyodideUrl="./../_live/pyodide/pyodide.js",
        disablePyPIFallback=True,
        loadPyodideOptions={
            "lockFileURL": "./wheels/pyodide-lock.json",
            "packages": [*START, "frenkel"],
        },
    )
    config["jupyter-config-data"]["appName"] = "Excitons on the move"
    path.write_text(json.dumps(config))


def write_contents(lite, texts):
    """Write notebooks, {name: text}, where JupyterLite looks for its files."""
    (lite / "files").mkdir(exist_ok=True)
    listing = []
    for name, text in texts.items():
        (lite / "files" / f"{name}.ipynb").write_text(text, encoding="utf-8")
        listing.append(
            {
                "name": f"{name}.ipynb",
                "path": f"{name}.ipynb",
                "type": "notebook",
                "size": len(text.encode()),
                "mimetype": None,
                "writable": True,
                "created": "2026-01-01T00:00:00Z",
                "last_modified": "2026-01-01T00:00:00Z",
                "content": None,
                "format": None,
            }
        )
    folder = lite / "api" / "contents"
    folder.mkdir(parents=True, exist_ok=True)
    top = listing[0] | {"name": "", "path": "", "type": "directory", "size": None, "format": "json"}
    (folder / "all.json").write_text(json.dumps(top | {"content": listing}))


def write_lite(app, exception):
    """Write `lite/`: the application, its packages, the chapters and the students' copies."""
    if exception or app.builder.format != "html" or "FRENKEL_PAGE" in os.environ:
        return  # `make page` leaves them to `make book`
    out = Path(app.outdir)
    versions = [importlib.metadata.version(name) for name in PACKAGES]
    script = Path(runtime.__file__).with_name(lite_editions.SCRIPT)
    code = b"".join(Path(file).read_bytes() for file in (__file__, lite_editions.__file__, script))
    mark = json.dumps([*versions, app.env.live_digest, hashlib.sha256(code).hexdigest()])
    lite, stamp = out / "lite", out / "lite" / "stamp.json"
    if not stamp.is_file() or stamp.read_text() != mark:
        key = hashlib.sha256(json.dumps([*versions, BUILD, SETTINGS]).encode()).hexdigest()[:12]
        built = out.parent / ".lite" / key
        build_app(built)
        shutil.rmtree(lite, ignore_errors=True)
        shutil.copytree(built, lite)
        write_packages(lite, out / "_live" / "pyodide")
        write_settings(lite)
        for page in lite.rglob("*.html"):
            html = lite_editions.look_first(page.read_text("utf-8"))
            page.write_text(seal.seal(html, POLICY), "utf-8")
        shutil.copy(script, lite)
        stamp.write_text(mark)
    written.write()
    texts, editions = {}, {}
    chapters = sorted(written.FOLDER.glob("*.ipynb"))
    for path in [*chapters, *sorted((out / "assignments").glob("*.ipynb"))]:
        copy = nbformat.read(path, as_version=4)
        copy.metadata.kernelspec = nbformat.from_dict(KERNELSPEC)
        editions[path.name] = lite_editions.mark(copy)
        copy.metadata.frenkel = nbformat.from_dict({"edition": editions[path.name]})
        texts[path.stem] = nbformat.writes(copy)
    write_contents(lite, texts)
    lite_editions.write_editions(lite, editions)
    for path in sources.chapters():  # what the download button gives
        notebook = written.FOLDER / f"{sources.stem(path)}.ipynb"
        shutil.copy(notebook, out / "_sources" / path.parent.relative_to(sources.ROOT))
    write_archive(out / "_sources" / ARCHIVE, chapters)


def write_archive(file, paths):
    """Write files into one archive, which depends on nothing but their names and contents."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            member = zipfile.ZipInfo(f"{file.stem}/{path.name}", (1980, 1, 1, 0, 0, 0))
            archive.writestr(member, path.read_bytes(), zipfile.ZIP_DEFLATED)


def offer_notebook(app, pagename, templatename, context, doctree):
    """Let the download button of a chapter give the written notebook, not the text that it comes from."""
    if context.get("page_source_suffix") == sources.SUFFIX:
        context |= {"page_source_suffix": ".ipynb", "sourcename": f"{pagename}.ipynb"}


def add_ways_to_run(app, pagename, templatename, context, doctree):
    """Offer to run a chapter: in the site under its heading, elsewhere in the header.

    The landing page is a notebook too, and has another thing to show under its heading.
    """
    if app.builder.format != "html" or doctree is None or context.get("page_source_suffix") != ".ipynb":
        return
    name = f"{Path(pagename).name}.ipynb"
    run = "Run this page" if pagename == app.config.root_doc else "Run this chapter"
    here = context["pathto"]("lite/notebooks/index.html", resource=True) + f"?path={name}"
    if pagename != app.config.root_doc:
        context["body"] = context["body"].replace("</h1>", "</h1>\n" + BUTTON.format(url=here), 1)
    options = app.config.html_theme_options
    repository = options["repository_url"].removeprefix("https://github.com/")
    links = {
        "Live, in this site": here,
        "Colab": f"https://colab.research.google.com/github/{repository}/blob/notebooks/{name}",
        "Binder": f"https://mybinder.org/v2/gh/{repository}/notebooks?urlpath=lab/tree/{name}",
    }
    buttons = [
        {"type": "link", "text": text, "tooltip": f"Run: {text}", "url": url, "icon": "", "label": "run-link"}
        for text, url in links.items()
    ]
    context["header_buttons"].insert(
        0,
        {
            "type": "group",
            "tooltip": run,
            "icon": "fas fa-rocket",
            "buttons": buttons,
            "label": "run-buttons",
        },
    )


def setup(app):
    app.connect("html-page-context", offer_notebook)  # before the theme makes its buttons, at 501
    app.connect("html-page-context", add_ways_to_run, priority=502)
    app.connect("build-finished", write_lite, priority=600)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
