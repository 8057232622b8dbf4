// The editor. In: texts, problems, types. Out: what was typed, and questions about it.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
import { pythonLanguage } from "@codemirror/lang-python";
import {
  bracketMatching, foldGutter, foldKeymap, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting,
} from "@codemirror/language";
import { lintGutter, lintKeymap, nextDiagnostic, previousDiagnostic, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, RangeSet, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration, drawSelection, EditorView, gutter, GutterMarker, highlightActiveLine, highlightActiveLineGutter,
  highlightSpecialChars, hoverTooltip, keymap, lineNumbers, rectangularSelection, WidgetType,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** Colours are the page's: one style for both themes. */
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword, tags.moduleKeyword], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: [tags.comment], color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.function(tags.variableName), tags.function(tags.definition(tags.variableName))], color: "var(--code-function)" },
  { tag: [tags.definition(tags.className), tags.className], color: "var(--code-type)" },
  { tag: [tags.meta], color: "var(--code-meta)" },
  { tag: tags.self, color: "var(--code-meta)" },
]);

class TypeHint extends WidgetType {
  constructor(text) {
    super();
    this.text = text;
  }
  eq(other) { return other.text === this.text; }
  toDOM() {
    const span = document.createElement("span");
    span.className = "cm-hint";
    span.textContent = this.text;
    return span;
  }
}

class InstanceLines extends WidgetType {
  constructor(lines) {
    super();
    this.lines = lines;
  }
  eq(other) { return other.lines.join("\n") === this.lines.join("\n"); }
  toDOM() {
    const box = document.createElement("div");
    box.className = "cm-instances";
    for (const line of this.lines) {
      const row = document.createElement("div");
      row.textContent = line.replace(/^def /, "");
      box.append(row);
    }
    return box;
  }
}

class LoopNote extends WidgetType {
  constructor(text, full, open) {
    super();
    Object.assign(this, { text, full, open });
  }
  eq(other) { return other.text === this.text && other.full === this.full; }
  toDOM() {
    const note = document.createElement("span");
    note.className = "cm-note";
    note.textContent = this.text;
    note.title = this.full;
    note.addEventListener("mousedown", (event) => {
      event.preventDefault();
      this.open();
    });
    return note;
  }
  ignoreEvent() { return true; }
}

const setFacts = StateEffect.define();
const setNotes = StateEffect.define();
const setLines = StateEffect.define();

/** Decorations that move with the text until the next ones come. */
const decorations = (effect, build) => StateField.define({
  create: () => Decoration.none,
  update(value, transaction) {
    let next = value.map(transaction.changes);
    for (const one of transaction.effects) if (one.is(effect)) next = build(transaction.state, one.value);
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const facts = decorations(setFacts, (state, { hints, instances, shown }) => {
  if (!shown) return Decoration.none;
  const length = state.doc.length;
  const marks = hints.filter(([at]) => at <= length)
    .map(([at, text]) => Decoration.widget({ widget: new TypeHint(text), side: 1 }).range(at));
  for (const [at, lines] of instances) {
    if (at > length) continue;
    const line = state.doc.lineAt(at);
    marks.push(Decoration.widget({ widget: new InstanceLines(lines), block: true, side: -1 }).range(line.from));
  }
  return Decoration.set(marks, true);
});

/** In the gutter, as the end of a long line is seldom seen. */
class LoopMark extends GutterMarker {
  constructor(fast, full, open) {
    super();
    Object.assign(this, { fast, full, open });
  }
  eq(other) { return other.fast === this.fast && other.full === this.full; }
  toDOM() {
    const mark = document.createElement("span");
    mark.className = this.fast ? "cm-loop fast" : "cm-loop";
    mark.title = this.full;
    mark.addEventListener("mousedown", this.open);
    return mark;
  }
}

/** The loops of the program, a line each: what is said in short and in full, and the places where time goes. */
function loopLines(state, { list, file }) {
  const length = state.doc.length, lines = new Map();
  for (const { message, labels, help } of list) {
    const [place, ...others] = labels;
    // What the library's loops do is said beside the text: many lines have some.
    if (place?.file !== file || place.start.utf16 > length || !message.startsWith("this loop ") || message.startsWith("this loop of")) continue;
    const why = help.map((one) => one.replace(/^it was (not vectorised), because /, "$1: ")).filter((one) => one.startsWith("not vectorised"));
    const line = state.doc.lineAt(place.start.utf16).number;
    const found = lines.get(line) ?? { short: new Set(), full: new Set(), places: [] };
    lines.set(line, found);
    found.short.add([message.slice("this loop ".length), ...why.slice(0, 1)].join("; "));
    found.full.add([message, ...others.map(({ start, text }) => `line ${start.line}: ${text}`), ...help].join("\n"));
    found.places.push(...others.filter(({ file: of, start, end }) => of === file && start.utf16 < end.utf16 && end.utf16 <= length));
  }
  return [...lines].sort(([a], [b]) => a - b).map(([line, { short, full, places }]) => (
    { line: state.doc.line(line), short: [...short].join(" · "), full: [...full].join("\n\n"), places }));
}

/** A note behind the line of each loop, and a mark where time goes. */
const loopNotes = decorations(setNotes, (state, notes) => Decoration.set(loopLines(state, notes).flatMap(({ line, short, full, places }) => [
  Decoration.widget({ widget: new LoopNote(short, full, notes.open), side: 2 }).range(line.to),
  ...places.map(({ start, end, text }) => Decoration.mark({ class: "cm-stays", attributes: { title: text } }).range(start.utf16, end.utf16)),
]), true));

const loopMarks = StateField.define({
  create: () => RangeSet.empty,
  update(value, transaction) {
    let next = value.map(transaction.changes);
    for (const { value: notes } of transaction.effects.filter((one) => one.is(setNotes))) {
      next = RangeSet.of(loopLines(transaction.state, notes).map(({ line, full, places }) => new LoopMark(places.length === 0, full, notes.open).range(line.from)));
    }
    return next;
  },
});

const marked = decorations(setLines, (state, groups) => {
  const marks = [];
  for (const [name, lines] of groups) {
    for (const line of lines) {
      if (line >= 1 && line <= state.doc.lines) marks.push(Decoration.line({ class: name }).range(state.doc.line(line).from));
    }
  }
  return Decoration.set(marks, true);
});

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--paper)" },
  ".cm-scroller": { fontFamily: "var(--mono)", fontSize: "var(--code-size)", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--accent)", padding: "8px 0 40vh" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  "&.cm-focused": { outline: "none" },
  ".cm-gutters": { backgroundColor: "var(--paper)", color: "var(--faint)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--line)" },
  ".cm-activeLineGutter": { color: "var(--text)" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": { backgroundColor: "var(--selection)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--selection)", outline: "1px solid var(--accent)" },
  ".cm-selectionMatch, .cm-searchMatch": { backgroundColor: "var(--match)" },
  ".cm-tooltip": { backgroundColor: "var(--raised)", color: "var(--text)", border: "1px solid var(--border)", borderRadius: "6px", boxShadow: "var(--shadow)" },
  ".cm-panels": { backgroundColor: "var(--raised)", color: "var(--text)" },
  ".cm-panels-bottom": { borderTop: "1px solid var(--border)" },
  ".cm-foldPlaceholder": { backgroundColor: "var(--line)", color: "var(--muted)", border: "none" },
});

/**
 * `tell(what, value)` hears of changes; `ask(what, offset)` answers questions with a promise.
 */
export function createEditor(parent, text, tell, ask) {
  let problems = [], anyShown = false;
  let types = { hints: [], instances: [], shown: true };

  const hover = hoverTooltip(async (view, at, side) => {
    // A problem has a card of its own.
    const found = await ask("hover", at);
    if (!found) return null;
    return {
      pos: found.from,
      end: found.to,
      above: true,
      create() {
        const dom = document.createElement("pre");
        dom.className = "cm-type";
        dom.textContent = found.lines.join("\n");
        return { dom };
      },
    };
  }, { hoverTime: 250 });

  const complete = autocompletion({
    override: [async (context) => {
      const word = context.matchBefore(/[\w]*/);
      const dot = word.from > 0 && context.state.sliceDoc(word.from - 1, word.from) === ".";
      if (!context.explicit && !dot && word.from === word.to) return null;
      // A number's point is none.
      if (dot && !context.explicit && /(^|[^\w\])])\d+\.$/.test(context.state.sliceDoc(Math.max(0, word.from - 20), word.from))) return null;
      const found = await ask("complete", context.pos);
      if (!found || found.items.length === 0) return null;
      const rank = { variable: 3, property: 2, function: 1, namespace: 1, keyword: -1 };
      return {
        from: found.from,
        options: found.items.map(({ label, kind, detail }) => ({
          label, type: kind, detail: detail.includes("\n") ? "" : detail.replace(/^def \w+/, ""), boost: rank[kind] ?? 0,
        })),
        validFor: /^\w*$/,
      };
    }],
    icons: true,
  });

  async function goToDefinition(view, at = view.state.selection.main.head) {
    const found = await ask("definition", at);
    if (found) tell("visit", found);
  }

  const own = keymap.of([
    { key: "Mod-Enter", run: () => (tell("run"), true) },
    { key: "Shift-Enter", run: () => (tell("call"), true) },
    { key: "F12", run: (view) => (goToDefinition(view), true) },
    { key: "F8", run: nextDiagnostic, shift: previousDiagnostic, preventDefault: true },
    { key: "Mod-.", run: () => (tell("fix"), true) },
    { key: "Escape", run: (view) => (tell("escape"), false) },
    // Tab indents while the editor has the focus; Escape, then Tab leaves it.
    { key: "Tab", run: (view) => (view.state.selection.ranges.some((range) => !range.empty) ? indentMore(view) : insertSpaces(view)), shift: indentLess },
  ]);

  function insertSpaces(view) {
    const { state } = view;
    const at = state.selection.main.head, line = state.doc.lineAt(at);
    const count = 4 - ((at - line.from) % 4);
    view.dispatch(state.replaceSelection(" ".repeat(count)), { scrollIntoView: true, userEvent: "input" });
    return true;
  }

  const extensions = [
    lineNumbers(), lintGutter(), gutter({ class: "cm-loops", markers: (view) => view.state.field(loopMarks) }), foldGutter(), highlightSpecialChars(), history(), drawSelection(),
    EditorState.allowMultipleSelections.of(true), indentOnInput(), indentUnit.of("    "), bracketMatching(), closeBrackets(),
    // Control and a click go to a definition, so that Alt and a click add a cursor.
    EditorView.clickAddsSelectionRange.of((event) => event.altKey),
    rectangularSelection({ eventFilter: (event) => event.altKey && event.shiftKey }), highlightActiveLine(), highlightActiveLineGutter(),
    highlightSelectionMatches(), search({ top: false }), pythonLanguage, syntaxHighlighting(colours), theme,
    hover, complete, facts, loopNotes, loopMarks, marked, own,
    keymap.of([
      ...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...completionKeymap, ...lintKeymap,
    ]),
    EditorView.contentAttributes.of({ "aria-label": "Python program", tabindex: "0", spellcheck: "false", autocapitalize: "off" }),
    EditorView.updateListener.of((update) => {
      if (update.selectionSet || update.docChanged) {
        tell("line", update.state.doc.lineAt(update.state.selection.main.head).number);
      }
    }),
    EditorView.domEventHandlers({
      mousedown(event, view) {
        if (!(event.ctrlKey || event.metaKey) || event.button !== 0) return false;
        const at = view.posAtCoords({ x: event.clientX, y: event.clientY });
        if (at === null) return false;
        goToDefinition(view, at);
        return true;
      },
    }),
  ];
  const state = (doc) => EditorState.create({ doc, extensions });
  const view = new EditorView({
    parent, state: state(text),
    dispatchTransactions(transactions, view) {
      // Before it is coloured and drawn, so that the compiler has it meanwhile.
      if (transactions.some((one) => one.docChanged)) tell("text", transactions.at(-1).newDoc.toString());
      view.update(transactions);
    },
  });

  /** The card of a problem: what, where else, what to do. */
  function card(problem) {
    const box = document.createElement("div");
    box.className = "card";
    const add = (tag, name, content) => {
      const part = document.createElement(tag);
      part.className = name;
      // What stands between backticks is code.
      for (const [at, piece] of content.split("`").entries()) {
        if (at % 2 === 0) part.append(piece);
        else part.append(Object.assign(document.createElement("code"), { textContent: piece }));
      }
      box.append(part);
      return part;
    };
    add("div", "card-message", problem.message);
    const [first, ...others] = problem.labels;
    if (first?.text) add("div", "card-label", first.text);
    for (const label of others) {
      const row = add("button", "card-other", `line ${label.start.line}: ${label.text}`);
      row.type = "button";
      row.addEventListener("click", () => tell("visit", { file: label.file, from: label.start.utf16, to: label.end.utf16 }));
    }
    for (const help of problem.help) add("div", "card-help", help);
    const code = add("button", "card-code", `${problem.code} ${problem.name}`);
    code.type = "button";
    code.title = "Explain this error";
    code.addEventListener("click", () => tell("explain", problem.code));
    return box;
  }

  function applyFix(fix, file) {
    const edits = fix.edits.filter((edit) => edit.file === file);
    view.dispatch({
      changes: edits.map((edit) => ({ from: edit.start.utf16, to: edit.end.utf16, insert: edit.text })),
      userEvent: "input.fix",
    });
    view.focus();
  }

  return {
    /** Another text, with a history of its own. */
    open(doc) {
      view.setState(state(doc));
      anyShown = false;
      tell("line", 1);
    },
    /** What is wrong, and `[hints, instances]` where they are known anew. */
    report(list, file, found) {
      problems = list.filter((problem) => problem.labels[0]?.file === file);
      const length = view.state.doc.length;
      const shown = problems.map((problem) => {
        const { start, end } = problem.labels[0];
        const from = Math.min(start.utf16, length);
        let to = Math.min(Math.max(end.utf16, start.utf16), length);
        // Where nothing is underlined nothing is seen.
        if (from === to) to = Math.min(from + 1, length);
        return {
          from: from === to ? Math.max(0, from - 1) : from, to,
          severity: problem.severity, message: problem.message,
          renderMessage: () => card(problem),
          actions: problem.fix ? [{ name: problem.fix.title, apply: () => applyFix(problem.fix, file) }] : [],
        };
      }).sort((a, b) => a.from - b.from);
      const effects = [];
      if (shown.length > 0 || anyShown) effects.push(setDiagnostics(view.state, shown).effects);
      anyShown = shown.length > 0;
      if (found) {
        types = { ...types, hints: found[0], instances: found[1] };
        effects.push(setFacts.of(types));
      }
      // At once: each change is laid out.
      if (effects.length > 0) view.dispatch({ effects: effects.flat() });
    },
    /** Applies the first fix on the line of the cursor, or else the first of all. */
    fix(file) {
      const line = view.state.doc.lineAt(view.state.selection.main.head).number;
      const fixable = problems.filter((problem) => problem.fix);
      const chosen = fixable.find((problem) => problem.labels[0].start.line === line) ?? fixable[0];
      if (chosen) applyFix(chosen.fix, file);
    },
    applyFix,
    showHints(shown) {
      types = { ...types, shown };
      view.dispatch({ effects: setFacts.of(types) });
    },
    /** What the optimiser says of loops. */
    showNotes(list, file) {
      view.dispatch({ effects: setNotes.of({ list, file, open: () => tell("loops") }) });
    },
    /** Lines to stand out: `[[class, lines], …]`. */
    mark(groups) { view.dispatch({ effects: setLines.of(groups) }); },
    reveal(line) {
      if (line < 1 || line > view.state.doc.lines) return;
      view.dispatch({ effects: EditorView.scrollIntoView(view.state.doc.line(line).from, { y: "nearest", yMargin: 60 }) });
    },
    select(from, to) {
      const length = view.state.doc.length;
      const [anchor, head] = [Math.min(from, length), Math.min(to, length)];
      view.dispatch({ selection: { anchor, head }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
      view.focus();
    },
    goTo(line) {
      const place = view.state.doc.line(Math.min(Math.max(1, line), view.state.doc.lines));
      view.dispatch({ selection: { anchor: place.from }, effects: EditorView.scrollIntoView(place.from, { y: "center" }) });
      view.focus();
    },
    focus() { view.focus(); },
  };
}
