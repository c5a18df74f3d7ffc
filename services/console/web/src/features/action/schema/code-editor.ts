import { closeBrackets } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import {
  bracketMatching, foldGutter, foldKeymap, HighlightStyle, indentOnInput, syntaxHighlighting,
} from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension, type Text } from "@codemirror/state";
import {
  drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers, placeholder,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Finding } from "./examined";
import { changeBetween } from "./text-change";

export { schemesInText } from "./schemes-in-text";

/** Colours from the design's tokens, so that light and dark follow the page. */
const look = EditorView.theme({
  "&": { backgroundColor: "var(--surface)", color: "var(--text)", height: "100%", fontSize: "var(--size-small)" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "-1px" },
  ".cm-scroller": { fontFamily: "var(--font-code)", lineHeight: "1.6" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--text-soft)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--hover)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--accent-soft)" },
  ".cm-panels, .cm-tooltip": { backgroundColor: "var(--raised)", color: "var(--text)", border: "1px solid var(--line)" },
  ".cm-diagnostic": { padding: "var(--space-2) var(--space-3)", maxWidth: "36rem" },
  ".cm-diagnosticAction": {
    backgroundColor: "var(--accent-fill)", color: "var(--on-accent)", font: "inherit",
    padding: "var(--space-1) var(--space-2)", borderRadius: "var(--radius-small)", cursor: "pointer",
  },
  ".cm-placeholder": { color: "var(--text-soft)" },
});

const colours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent)" },
    { tag: tags.string, color: "var(--success)" },
    { tag: [tags.number, tags.bool, tags.null], color: "var(--warning)" },
    { tag: tags.comment, color: "var(--text-soft)", fontStyle: "italic" },
  ]),
);

export interface EditorOptions {
  parent: HTMLElement;
  text: string;
  label: string;
  hint: string;
  /** With each change, before the pause. */
  onTyping: () => void;
  /** After a pause in typing, when the editor is left, and for `replace`. */
  onChange: (text: string) => void;
  /** The button of a finding's repair was pressed in the text. */
  onFix: (finding: Finding) => void;
  onFormat: () => void;
}

const PAUSE_MS = 250;
/** From this length on the platform takes a second or more to read the text. */
const LONG = 1_000_000;
const LONG_PAUSE_MS = 1_000;

/**
 * The text editor of a schema. It alone holds the text while somebody types: making a string of a
 * document takes time that grows with it, so that is done at pauses. Its language follows the text: JSON
 * begins with a bracket.
 */
export class CodeEditor {
  readonly #view: EditorView;
  readonly #language = new Compartment();
  readonly #options: EditorOptions;
  #isJson: boolean;
  #reported: string;
  #read: { doc: Text; text: string };
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: EditorOptions) {
    const { parent, text, label, hint } = options;
    this.#options = options;
    this.#reported = text;
    this.#isJson = looksLikeJson(text.slice(0, 200));
    const report = EditorView.updateListener.of((update) => {
      if (!update.docChanged) return;
      options.onTyping();
      this.#followLanguage(update.state.doc);
      this.#tellSoon(update.state.doc.length);
    });
    this.#view = new EditorView({
      parent,
      state: EditorState.create({
        doc: text,
        extensions: [
          ...basics(),
          this.#language.of(languageOf(this.#isJson)),
          placeholder(hint),
          EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
          EditorView.cspNonce.of(nonce()),
          EditorView.domEventHandlers({ blur: () => this.#tell() }),
          keymap.of([{ key: "Shift-Alt-f", run: () => { options.onFormat(); return true; } }]),
          report, look, colours,
        ],
      }),
    });
    this.#read = { doc: this.#view.state.doc, text };
  }

  /** Write another text, as one step that undo takes back; what is the same in both stays. */
  replace(text: string): void {
    if (text === this.#reported) return; // the page has this text; somebody may have typed on since
    const changes = changeBetween(this.text(), text);
    if (changes !== null) this.#view.dispatch({ changes });
    this.#tell();
  }

  /** As it is now, also what was not reported yet. */
  text(): string {
    const { doc } = this.#view.state;
    if (doc !== this.#read.doc) this.#read = { doc, text: doc.toString() };
    return this.#read.text;
  }

  show(findings: readonly Finding[]): void {
    const { doc } = this.#view.state;
    const found = findings.flatMap((finding) => this.#diagnosticOf(finding, doc) ?? []);
    this.#view.dispatch(setDiagnostics(this.#view.state, found));
  }

  goToPlace(place: number): void {
    const anchor = Math.min(place, this.#view.state.doc.length);
    this.#view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
    this.#view.focus();
  }

  /** `line` and `column` count from one. */
  goTo(line: number, column = 1): void {
    this.goToPlace(placeOf(this.#view.state.doc, line, column));
  }

  /** Tell what was typed now, without waiting for a pause. */
  settle(): void {
    this.#tell();
  }

  destroy(): void {
    this.#tell();
    this.#view.destroy();
  }

  #tellSoon(length: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell(), length < LONG ? PAUSE_MS : LONG_PAUSE_MS);
  }

  #tell(): void {
    clearTimeout(this.#timer);
    if (this.#view.state.doc === this.#read.doc && this.#reported === this.#read.text) return;
    this.#reported = this.text();
    this.#options.onChange(this.#reported);
  }

  #diagnosticOf(finding: Finding, doc: Text): Diagnostic | null {
    if (finding.line === null) return null;
    const from = placeOf(doc, finding.line, finding.column ?? 1);
    const { repair } = finding;
    const actions = repair === null ? [] : [{ name: repair.title, apply: () => this.#options.onFix(finding) }];
    return { from, to: endOfWord(doc, from), severity: severityOf(finding), message: finding.message, actions };
  }

  #followLanguage(doc: Text): void {
    const isJson = looksLikeJson(doc.sliceString(0, 200));
    if (isJson === this.#isJson) return;
    this.#isJson = isJson;
    const effects = this.#language.reconfigure(languageOf(isJson));
    queueMicrotask(() => this.#view.dispatch({ effects }));
  }
}

function basics(): Extension[] {
  return [
    lineNumbers(), foldGutter(), history(), drawSelection(), indentOnInput(), bracketMatching(),
    closeBrackets(), highlightActiveLine(), highlightSelectionMatches(), lintGutter(),
    EditorState.tabSize.of(2),
    keymap.of([...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...lintKeymap, indentWithTab]),
  ];
}

function languageOf(isJson: boolean): Extension {
  return isJson ? json() : yaml();
}

function looksLikeJson(beginning: string): boolean {
  return /^\s*[[{]/.test(beginning);
}

function severityOf({ severity }: Finding): Diagnostic["severity"] {
  return severity === "error" ? "error" : severity === "warning" ? "warning" : "info";
}

function placeOf(doc: Text, line: number, column: number): number {
  const found = doc.line(Math.min(Math.max(line, 1), doc.lines));
  return Math.min(found.from + column - 1, found.to);
}

/** At least a character is underlined, at most to the end of the line. */
function endOfWord(doc: Text, from: number): number {
  const line = doc.lineAt(from);
  const word = /^["']?[\w$./{}-]+["']?/.exec(doc.sliceString(from, line.to));
  return Math.min(Math.max(from + (word?.[0].length ?? 1), from), doc.length);
}

function nonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
}
