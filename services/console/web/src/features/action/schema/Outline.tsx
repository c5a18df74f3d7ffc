import { useDeferredValue, useMemo, useState } from "react";
import { Dialog } from "@/components/Dialog";
import { SearchField } from "@/components/SearchField";
import { usePageTexts } from "@/texts/page-texts";
import type { Operation } from "./examined";
import styles from "./Outline.module.css";
import { outlineOf } from "./outline";

const MAX_SHOWN = 200;

interface Props {
  text: string;
  operations: readonly Operation[];
  onClose: () => void;
  onGoTo: (place: number) => void;
}

/** Sections and operations of the document; each leads to its place in the text. */
export function Outline({ text, operations, onClose, onGoTo }: Props) {
  const { schema: texts } = usePageTexts();
  const [wanted, setWanted] = useState("");
  const sought = useDeferredValue(wanted.toLowerCase());
  const entries = useMemo(() => outlineOf(text, operations), [text, operations]);
  const found = entries.filter((one) => `${one.label} ${one.detail}`.toLowerCase().includes(sought));
  return (
    <Dialog title={texts.outline} isOpen onClose={onClose}>
      <SearchField label={texts.searchOutline} value={wanted} onChange={setWanted} autoFocus />
      {found.length === 0 && <p>{texts.outlineEmpty}</p>}
      <ul role="list" className={styles.list}>
        {found.slice(0, MAX_SHOWN).map((one) => (
          <li key={one.place + one.label}>
            <button type="button" className={styles.entry} onClick={() => onGoTo(one.place)}>
              <strong>{one.label}</strong>
              {one.detail !== "" && <code>{one.detail}</code>}
            </button>
          </li>
        ))}
      </ul>
      {found.length > MAX_SHOWN && <p>{texts.outlineMore(found.length - MAX_SHOWN)}</p>}
    </Dialog>
  );
}
