import { useEffect, useImperativeHandle, useRef, useState, type Ref } from "react";
import { Loading } from "@/components/Loading";
import type { CodeEditor } from "./code-editor";
import type { Finding } from "./examined";
import styles from "./SchemaText.module.css";

export interface SchemaTextHandle {
  goTo: (line: number, column?: number) => void;
  goToPlace: (place: number) => void;
  /** As it is now, also what `onChange` has not reported yet. */
  text: () => string;
}

interface Props {
  text: string;
  label: string;
  hint: string;
  findings: readonly Finding[];
  onTyping: () => void;
  onChange: (text: string) => void;
  onFix: (finding: Finding) => void;
  onFormat: () => void;
  ref: Ref<SchemaTextHandle>;
}

/** The editor itself is fetched while the rest of the page is shown. */
export function SchemaText({ text, label, hint, findings, ref, ...handlers }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<CodeEditor | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const latest = useRef({ ...handlers, text });
  latest.current = { ...handlers, text };
  useEffect(() => {
    let made: CodeEditor | undefined;
    let isGone = false;
    void import("./code-editor").then(({ CodeEditor }) => {
      if (isGone) return;
      made = new CodeEditor({
        parent: box.current!, text: latest.current.text, label, hint,
        onTyping: () => latest.current.onTyping(),
        onChange: (typed) => latest.current.onChange(typed),
        onFix: (finding) => latest.current.onFix(finding),
        onFormat: () => latest.current.onFormat(),
      });
      setEditor(made);
    }).catch(setFailed);
    const settle = () => made?.settle();
    window.addEventListener("pagehide", settle);
    return () => {
      window.removeEventListener("pagehide", settle);
      isGone = true;
      made?.destroy();
    };
  }, [label, hint]);
  useEffect(() => editor?.replace(text), [editor, text]);
  useEffect(() => editor?.show(findings), [editor, findings]);
  useImperativeHandle(ref, () => ({
    goTo: (line, column) => editor?.goTo(line, column),
    goToPlace: (place) => editor?.goToPlace(place),
    text: () => editor?.text() ?? latest.current.text,
  }), [editor]);
  if (failed !== null) throw failed; // Its file is not there: `PageFailed`, with a way to reload.
  return <div ref={box} className={styles.box}>{editor === null && <Loading rows={3} />}</div>;
}
