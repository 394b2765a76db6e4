"""Code is shut on a narrow page before it is seen; open where there is room, on paper, without scripts."""

from live_page import STARTING, press, printed, run, write

CHAPTER = "book/chapters/07-enaqt.html"
OPEN = ".code-fold:not(.hide)[open]"
# In every frame before it is painted: the most folds that stood open, and whether any was there.
WATCH = """
    window.seen = { most: 0, folds: 0 };
    const look = () => {
        const folds = [...document.querySelectorAll(".code-fold:not(.hide)")];
        seen.folds = folds.length;
        seen.most = Math.max(seen.most, folds.filter(({ open }) => open).length);
        requestAnimationFrame(look);
    };
    look();
"""


def test_no_frame_of_a_narrow_page_shows_code_open(narrow, site_url):
    narrow.add_init_script(WATCH)
    narrow.goto(site_url + CHAPTER)
    narrow.wait_for_timeout(300)
    assert narrow.evaluate("seen.folds") > 10
    assert narrow.evaluate("seen.most") == 0


def test_a_tap_opens_code_that_can_be_run_and_edited(narrow, site_url):
    narrow.goto(site_url + CHAPTER)
    cell = narrow.locator(".cell[data-live]", has_text="n_sites=400").first
    fold, code = cell.locator(".code-fold"), cell.locator(".cell_input").first
    summary = fold.locator("summary")
    assert summary.inner_text() == "Show the code: times = np.linspace(0, 20, 201)"
    assert not code.is_visible() and cell.get_by_role("button", name="Run").is_visible()
    summary.click()
    assert code.is_visible()
    assert summary.inner_text().startswith("Hide the code: times")
    summary.press("Enter")
    assert not code.is_visible(), "the keyboard shuts it"
    press(cell, "edit")
    cell.locator(".cm-content").wait_for(timeout=STARTING)  # in sight
    write(cell, "print(6 * 7)")
    summary.press("Enter")
    run(cell)
    assert printed(cell).strip() == "42"
    assert not cell.locator(".cm-content").is_visible(), "to run shut code does not open it"


def test_what_the_address_names_is_open(narrow, site_url):
    narrow.goto(f"{site_url}{CHAPTER}#code-f9876438")
    assert narrow.locator("#code-f9876438 .code-fold[open]").count() == narrow.locator(OPEN).count() == 1


def test_a_task_is_never_shut(narrow, site_url):
    narrow.goto(site_url + CHAPTER)
    assert narrow.locator(".task .code-fold").count() == 0
    starters = narrow.locator(".task-starter")
    assert starters.count() and all(starter.is_visible() for starter in starters.all())


def test_paper_and_a_wide_page_have_all_code(narrow, site_url):
    narrow.goto(site_url + CHAPTER)
    folds = narrow.locator(".code-fold:not(.hide)").count()
    narrow.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert narrow.locator(OPEN).count() == folds
    narrow.evaluate("dispatchEvent(new Event('afterprint'))")
    assert narrow.locator(OPEN).count() == 0
    narrow.set_viewport_size({"width": 1280, "height": 800})
    narrow.locator(OPEN).nth(folds - 1).wait_for(state="attached")
    assert not any(each.is_visible() for each in narrow.locator(".code-fold:not(.hide) > summary").all())
    assert all(each.is_visible() for each in narrow.locator(f"{OPEN} pre").all() if not inside_a_fold(each))


def inside_a_fold(element):
    return element.evaluate("(it) => Boolean(it.closest('.toggle-hidden, .live-output'))")


def test_code_is_open_without_scripts(browser, site_url):
    page = browser.new_page(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page.goto(site_url + CHAPTER)
    assert page.locator(OPEN).count() > 10
    assert page.locator(OPEN).first.locator("pre").is_visible()
    page.close()
