import { useMutation } from "@tanstack/react-query";
import { type DragEvent, type ReactNode, type RefObject, useState } from "react";
import { ProblemNotice } from "@/components/ProblemNotice";
import { Section } from "@/components/Section";
import { usePageTexts } from "@/texts/page-texts";
import { ImportFromUrl } from "./ImportFromUrl";
import styles from "./SchemaSection.module.css";
import { SchemaTools } from "./SchemaTools";
import { format } from "./schema/examined";
import { Findings } from "./schema/Findings";
import { Outline } from "./schema/Outline";
import { RepairDialog } from "./schema/RepairDialog";
import { SchemaText, type SchemaTextHandle } from "./schema/SchemaText";
import type { Examination } from "./schema/use-examined";
import { useRepairs } from "./schema/use-repairs";
import type { TypedSchema } from "./use-typed-schema";

interface Props {
  typed: TypedSchema;
  editor: RefObject<SchemaTextHandle | null>;
  examination: Examination;
  /** A document was fetched from there; null once another one took its place. */
  onSource: (url: string | null) => void;
  /** The schema that this text is the next version of. */
  previousId?: string;
  /** Beside the other tools. */
  children?: ReactNode;
}

/** The schema's text, the ways to get one, and what was found in it. */
export function SchemaSection({ typed, editor, examination, onSource, previousId, children }: Props) {
  const { schema: texts } = usePageTexts();
  const { text, isTyping, setText: onChange } = typed;
  const [open, setOpen] = useState<"import" | "outline" | null>(null);
  const [isOver, setOver] = useState(false);
  const now = () => editor.current?.text() ?? text;
  const repairs = useRepairs(now, onChange);
  const layOut = useMutation({ mutationFn: () => format(now()), onSuccess: onChange });
  const { examined, error } = examination;
  const take = (another: string, url: string | null = null) => {
    onChange(another);
    onSource(url);
    setOpen(null);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void event.dataTransfer.files[0]?.text().then((dropped) => take(dropped));
  };
  const tools = (
    <SchemaTools
      isFormatting={layOut.isPending} isEmpty={text === "" && !isTyping} now={now} onText={take} onImport={() => setOpen("import")}
      onFormat={() => layOut.mutate()} onOutline={() => setOpen("outline")}
    >
      {children}
    </SchemaTools>
  );
  return (
    <Section title={texts.title} tools={tools}>
      <div
        className={isOver ? styles.over : undefined} onDrop={drop} onDragLeave={() => setOver(false)}
        onDragOver={(event) => {
          if (!event.dataTransfer.types.includes("Files")) return;
          event.preventDefault();
          setOver(true);
        }}
      >
        <SchemaText
          ref={editor} text={text} label={texts.title} hint={texts.placeholder} findings={examined?.findings ?? []}
          onTyping={typed.typing} onChange={onChange} onFix={repairs.fix} onFormat={() => layOut.mutate()}
        />
      </div>
      <p className={styles.state} role="status">{stateOf({ ...examination, isCurrent: examination.isCurrent && !isTyping }, texts)}</p>
      {error !== null && <ProblemNotice error={error} onRetry={examination.again} />}
      {layOut.isError && <ProblemNotice error={layOut.error} />}
      {repairs.run.isError && repairs.asking === null && <ProblemNotice error={repairs.run.error} />}
      {examined !== null && (
        <Findings
          examined={examined} isFixing={repairs.run.isPending} onFix={repairs.fix} onFixAll={repairs.fixAll}
          onGoTo={(finding) => editor.current?.goTo(finding.line ?? 1, finding.column ?? 1)}
        />
      )}
      {open === "import" && <ImportFromUrl previousId={previousId} onClose={() => setOpen(null)} onImport={take} />}
      {open === "outline" && (
        <Outline
          text={now()} operations={examined?.operations ?? []} onClose={() => setOpen(null)}
          onGoTo={(place) => {
            setOpen(null);
            setTimeout(() => editor.current?.goToPlace(place)); // after the dialog gave the focus back
          }}
        />
      )}
      {repairs.asking !== null && (
        <RepairDialog
          finding={repairs.asking} isPending={repairs.run.isPending} error={repairs.run.error}
          onClose={repairs.cancel} onRepair={repairs.answer}
        />
      )}
    </Section>
  );
}

function stateOf({ examined, isCurrent, error }: Examination, texts: { checking: string; clean: string }): string {
  if (error !== null) return "";
  if (!isCurrent) return texts.checking;
  return examined !== null && examined.findings.length === 0 ? texts.clean : "";
}
