"""How a test gets at JupyterLite: its application as the page's own scripts have it."""

MINUTES = 60_000
OPENED = "() => window.jupyterapp?.shell?.currentWidget?.context?.isReady"
KEPT = """async () => {
    const panel = jupyterapp.shell.currentWidget;
    await panel.context.ready;
    return panel.content.model.toJSON().cells;
}"""


def expose(context):
    """Let the pages of a context have JupyterLite's application as `jupyterapp`."""

    def answer(route):
        found = route.fetch()
        config = found.json()
        config["jupyter-config-data"]["exposeAppInBrowser"] = True
        route.fulfill(response=found, json=config)

    context.route("**/lite/jupyter-lite.json*", answer)
