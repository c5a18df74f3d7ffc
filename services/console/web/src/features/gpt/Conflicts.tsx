import { Button } from "@/components/Button";
import { Notice } from "@/components/Notice";
import { usePageTexts } from "@/texts/page-texts";
import styles from "./Configure.module.css";
import type { FieldName, Fields } from "./draft";
import type { DraftView } from "./draft-store";

interface Props {
  view: DraftView;
  onDecide: (field: FieldName, side: "mine" | "theirs") => void;
}

/** Fields that somebody else changed at the same time: both sides, and which one to keep. */
export function Conflicts({ view, onDecide }: Props) {
  const { gpt: texts } = usePageTexts();
  return [...view.conflicts].map(([field, theirs]) => (
    <Notice key={field} kind="warning" title={texts.conflict(texts[field])} hint={texts.conflictHint}>
      <div className={styles.sides}>
        <Side title={texts.mine} value={view.fields[field]} keep={texts.keepMine} onKeep={() => onDecide(field, "mine")} />
        <Side title={texts.theirs} value={theirs} keep={texts.takeTheirs} onKeep={() => onDecide(field, "theirs")} />
      </div>
    </Notice>
  ));
}

interface SideProps {
  title: string;
  value: Fields[FieldName];
  keep: string;
  onKeep: () => void;
}

function Side({ title, value, keep, onKeep }: SideProps) {
  return (
    <div className={styles.side}>
      <strong>{title}</strong>
      <pre>{typeof value === "string" ? value : value.join("\n")}</pre>
      <Button onPress={onKeep}>{keep}</Button>
    </div>
  );
}
