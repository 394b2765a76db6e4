// The editor of a live cell or a task: CodeMirror with the colors that the page gives to code.

const here = new URL(import.meta.url);
const { EditorState, StateEffect, StateField, Decoration, EditorView, keymap, lineNumbers, ...cm } = await import(
  new URL(`codemirror.js${here.search}`, here)
);

const sheet = document.createElement("link");
Object.assign(sheet, { rel: "stylesheet", href: new URL(`live.css${here.search}`, here) });
await new Promise((resolve, reject) => {
  Object.assign(sheet, { onload: resolve, onerror: reject });
  document.head.append(sheet);
});

// Pygments' names, so that one style sheet colors code in both themes, edited or not.
const { tags } = cm;
const COLORS = cm.HighlightStyle.define([
  { tag: [tags.controlKeyword, tags.definitionKeyword, tags.modifier, tags.keyword], class: "k" },
  { tag: tags.moduleKeyword, class: "kn" },
  { tag: tags.operatorKeyword, class: "ow" },
  { tag: [tags.bool, tags.null], class: "kc" },
  { tag: tags.integer, class: "mi" },
  { tag: [tags.float, tags.number], class: "mf" },
  { tag: [tags.string, tags.special(tags.string)], class: "s2" },
  { tag: tags.escape, class: "se" },
  { tag: tags.lineComment, class: "c1" },
  { tag: tags.function(tags.definition(tags.variableName)), class: "nf" },
  { tag: tags.definition(tags.className), class: "nc" },
  { tag: tags.meta, class: "nd" },
  { tag: [tags.operator, tags.compareOperator, tags.arithmeticOperator, tags.definitionOperator], class: "o" },
]);

// The line at which the code has failed, until the text changes.
const failed = StateEffect.define();
const failedLine = StateField.define({
  create: () => Decoration.none,
  update(marks, { docChanged, effects, state }) {
    for (const effect of effects) {
      if (!effect.is(failed)) continue;
      if (!(effect.value >= 1 && effect.value <= state.doc.lines)) return Decoration.none;
      const line = Decoration.line({ class: "live-failed", attributes: { "data-failed": "" } });
      return Decoration.set([line.range(state.doc.line(effect.value).from)]);
    }
    return docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

// Tab indents; Escape lets the next Tab leave, as CodeMirror has it.
export function edit(parent, text, { name, run, changed }) {
  const extensions = [
    keymap.of([
      { key: "Mod-Enter", run: () => (run(), true) },
      { key: "Shift-Enter", run: () => (run(), true) },
      { key: "Tab", run: cm.indentMore, shift: cm.indentLess },
      ...cm.historyKeymap,
      ...cm.defaultKeymap,
    ]),
    cm.history(),
    lineNumbers(),
    cm.indentUnit.of("    "),
    cm.pythonLanguage,
    cm.syntaxHighlighting(COLORS),
    cm.bracketMatching(),
    failedLine,
    EditorView.updateListener.of((update) => update.docChanged && changed()),
    EditorView.contentAttributes.of({
      tabindex: "0",
      "aria-label": `Code of ${name}. Tab indents; to leave, press Escape and then Tab.`,
    }),
  ];
  return new EditorView({ parent, state: EditorState.create({ doc: text, extensions }) });
}

export const textOf = (view) => view.state.doc.toString();

export function setText(view, text) {
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
}

// Mark a line, or none.
export const markFailed = (view, line) => view.dispatch({ effects: failed.of(line) });
