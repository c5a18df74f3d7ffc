import { useEffect, useImperativeHandle, useRef, type Ref } from "react";
import { CodeEditor } from "./code-editor";
import type { Finding } from "./examined";
import styles from "./SchemaText.module.css";

export interface SchemaTextHandle {
  goTo: (line: number, column?: number) => void;
}

interface Props {
  text: string;
  label: string;
  hint: string;
  findings: readonly Finding[];
  onChange: (text: string) => void;
  ref: Ref<SchemaTextHandle>;
}

export function SchemaText({ text, label, hint, findings, onChange, ref }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const editor = useRef<CodeEditor>(null);
  const latest = useRef(onChange);
  latest.current = onChange;
  useEffect(() => {
    const made = new CodeEditor({
      parent: box.current!, text, label, hint, onChange: (typed) => latest.current(typed),
    });
    editor.current = made;
    return () => made.destroy();
    // The editor keeps its own text; `replace` below follows what comes from elsewhere.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [label, hint]);
  useEffect(() => editor.current?.replace(text), [text]);
  useEffect(() => editor.current?.show(findings), [findings]);
  useImperativeHandle(ref, () => ({
    goTo: (line, column) => editor.current?.goTo(line, column),
  }));
  return <div ref={box} className={styles.box} />;
}
