import { useState } from "react";
import { Button } from "@/components/Button";
import { TextField } from "@/components/TextField";
import { usePageTexts } from "@/texts/page-texts";
import styles from "./Configure.module.css";
import { LIMITS } from "./draft";

interface Props {
  starters: readonly string[];
  onChange: (starters: readonly string[]) => void;
}

/** Questions that a conversation may begin with. */
export function Starters({ starters, onChange }: Props) {
  const { gpt: texts } = usePageTexts();
  const [isAdding, setAdding] = useState(false);
  return (
    <fieldset className={styles.rows}>
      <legend>{texts.starters}</legend>
      {starters.map((starter, place) => (
        <div key={place} className={styles.row}>
          <TextField
            label={texts.starter(place + 1)} isLabelHidden value={starter} maxLength={LIMITS.starter}
            autoFocus={isAdding && place === starters.length - 1}
            onChange={(text) => onChange(starters.with(place, text))}
          />
          <Button
            kind="quiet" aria-label={texts.removeStarter(place + 1)}
            onPress={() => onChange(starters.toSpliced(place, 1))}
          >
            ✕
          </Button>
        </div>
      ))}
      {starters.length < LIMITS.starters && (
        <Button
          onPress={() => {
            setAdding(true);
            onChange([...starters, ""]);
          }}
        >
          {texts.addStarter}
        </Button>
      )}
    </fieldset>
  );
}
