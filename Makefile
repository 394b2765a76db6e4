# make serve | make test are all a newcomer needs; each sets up what it lacks.
PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
SITE   := _build/html
PORT   ?= 8000
READY  := $(VENV)/.ready
GRADER := .venv-grading
CLASS  ?= class

.PHONY: help serve book page notebooks confirm new-chapter new-exercise new-task new-explorer lab fresh check test live \
  course new-assignment public known grader grade similar prove bench bundle pdf mutants protections lock clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(READY): requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version)'
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

notebooks: $(READY)  ## execute the chapters whose code has changed, write the notebooks that readers open
	PYTHONPATH=book/site $(PY) -m notebooks

confirm: $(READY)  ## the same, and record that today's code gives what is recorded: after a refactoring
	PYTHONPATH=book/site $(PY) -m notebooks --confirm

course: $(READY)  ## write the student copies and the solved copies, and those of the class list in CLASS=class
	PYTHONPATH=book/assignments $(PY) -m course.build $(ASSIGNMENT) --class-folder $(CLASS)

new-assignment: $(READY)  ## begin an assignment of your own, NAME=9-title
	PYTHONPATH=book/assignments $(PY) -m course.new $(NAME)

public: $(READY)  ## write the repository for everyone, without solutions, into the folder TO
	PYTHONPATH=book/assignments $(PY) -m course.public $(TO)

# The grader's own environment; the library is copied in, so that a jail sees it and nothing else of this folder.
$(GRADER)/.ready: book/assignments/course/requirements.txt pyproject.toml $(shell find lib -name '*.py')
	test -x $(GRADER)/bin/python || $(PYTHON) -m venv $(GRADER)
	$(GRADER)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	$(GRADER)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall .
	touch $@

MASTERS := $(basename $(notdir $(wildcard book/assignments/*.ipynb)))

known:  # a wrong name is told before the grader is set up, which takes minutes
	@for name in $(ASSIGNMENT); do case " $(MASTERS) " in *" $$name "*) ;; \
	  *) echo "ASSIGNMENT must be of $(MASTERS), but is $$name."; exit 2;; esac; done

grader: $(GRADER)/.ready  ## set up the environment that grades

grade: known grader  ## grade ASSIGNMENT=1-coupling in the folder CLASS=class
	PYTHONPATH=book/assignments $(GRADER)/bin/python -m course.grade $(ASSIGNMENT) --class-folder $(CLASS)

similar: known grader  ## look for passages that submissions of ASSIGNMENT have in common
	PYTHONPATH=book/assignments $(GRADER)/bin/python -m course.similar $(ASSIGNMENT) --class-folder $(CLASS)

prove: known grader  ## prove that every solution earns its points and every usual mistake its words
	PYTHONPATH=book/assignments $(GRADER)/bin/python -m course.prove $(ASSIGNMENT)

book: notebooks  ## build the book, warnings are errors
	$(VENV)/bin/jupyter-book build . -W -n --keep-going

core: $(READY)  ## list what explorers use of Python, which a page loads first
	$(PY) book/site/tools/core.py

page: $(READY)  ## show one changed page: CHAPTER=enaqt
	$(PY) book/site/tools/page.py "$(CHAPTER)"

new-chapter: $(READY)  ## write what a chapter NAME begins with
	PYTHONPATH=book/site $(PY) -m notebooks.skeletons chapter "$(NAME)"

new-explorer: $(READY)  ## write what an explorer NAME begins with
	PYTHONPATH=book/site $(PY) -m notebooks.skeletons explorer "$(NAME)"

LEVEL ?= standard
KIND ?= pencil
new-exercise: $(READY)  ## write what an exercise NAME of CHAPTER begins with, of a LEVEL and a KIND
	PYTHONPATH=book/site $(PY) -m notebooks.skeletons exercise "$(CHAPTER)" "$(NAME)" "$(LEVEL)" "$(KIND)"

new-task: $(READY)  ## write what a task NAME of CHAPTER, a function to be written, begins with
	PYTHONPATH=book/site $(PY) -m notebooks.skeletons task "$(CHAPTER)" "$(NAME)"

serve: book  ## build the book and serve it
	$(PY) book/site/tools/serve.py $(SITE) --port $(PORT)

lab: notebooks  ## open a working copy of the notebooks, lab/, in JupyterLab
	PYTHONPATH=book/site $(PY) -m notebooks.working_copy lab
	$(VENV)/bin/jupyter lab lab --LabApp.labextensions_path=lab/.extensions

fresh: notebooks  ## give CHAPTER=enaqt back in lab/ as the book has it, and keep yours under another name
	PYTHONPATH=book/site $(PY) -m notebooks.working_copy lab --fresh $(CHAPTER)

# The rooms of the library; WHAT=motion checks that room alone.
ROOMS := system states motion baths microscope rivals statistics explore laws contracts
WHAT  ?= $(ROOMS)

define LINT
$(PY) -m ruff check .
env PYTHONPATH=book/site $(PY) -m notebooks.lint
$(VENV)/bin/codespell
$(PY) -m mypy
endef

check: $(READY)  ## lint, types and the library's quick tests, in a minute; WHAT=motion in seconds
	@for room in $(WHAT); do test -d tests/$$room || { echo "WHAT must be of $(ROOMS), but is $$room."; exit 2; }; done
	$(LINT)
	$(PY) -m pytest $(addprefix tests/,$(WHAT)) -m "not slow" -p no:nbval -n 2 -q

# `-p` stands here and not in pyproject.toml, for the workers of xdist look for plugins before they read that.
test: book grader  ## run every test
	$(LINT)
	$(PY) -m pytest tests --ignore tests/bench --ignore tests/course -p no:nbval -n 2 --dist loadfile --no-loadscope-reorder
	$(if $(wildcard tests/course/test_*.py),$(PY) -m pytest tests/course -p no:nbval -n 2 --dist loadfile)
	PYTHONPATH=book/site $(PY) -m pytest -p notebooks --nbval -p no:randomly -n 2 --dist loadscope _build/notebooks

live: book  ## run all notebooks and read all pages in the browser, where `make test` does a part
	FRENKEL_THOROUGH=1 $(PY) -m pytest -p no:randomly tests/browser/test_notebooks_live.py \
	  tests/browser/test_live_cells.py tests/browser/test_keyboard.py tests/browser/test_pages.py

bundle: book  ## write the wheel and the whole site as one archive into dist/
	$(PY) book/site/tools/bundle.py $(SITE) dist

pdf: book  ## print the book into dist/ (needs Chromium)
	$(PY) book/site/tools/pdf.py $(SITE) dist/excitons-on-the-move.pdf

bench: book grader  ## print the measured speeds
	$(PY) -m pytest tests/bench --benchmark-only -p no:randomly

mutants: $(READY)  ## change the physics one operator at a time and see whether a test notices
	$(PY) -m pip install --quiet --disable-pip-version-check mutmut==3.8.1
	$(PY) tests/mutants.py $(MUTANTS)

protections: $(READY) grader  ## take each protection of the grader out and see whether a test notices
	$(PY) tests/course/protections.py $(PROTECTIONS)

lock:  ## write requirements.txt anew from pyproject.toml (needs uv)
	uv pip compile --universal --python-version 3.11 --no-header --no-annotate \
	  --extra book --extra test pyproject.toml -o requirements.txt
	printf '%s\n' '-e .' >> requirements.txt
	uv pip compile --universal --python-version 3.11 --no-header --no-annotate \
	  --extra grading pyproject.toml -o book/assignments/course/requirements.txt

clean:  ## remove what the build made (the virtual environment stays)
	rm -rf _build dist .mypy_cache .pytest_cache .ruff_cache
