import { useState } from "react";
import styles from "./NumberSetting.module.css";
import { TextField } from "./TextField";

interface Props {
  label: string;
  hint: string;
  /** Null: no limit. */
  value: number | null;
  onChange: (value: number | null) => void;
}

/** A limit that is saved when one leaves the field; an empty one is none. */
export function NumberSetting({ label, hint, value, onChange }: Props) {
  const stored = value === null ? "" : String(value);
  const [typed, setTyped] = useState(stored);
  const number = typed.trim() === "" ? null : Number(typed);
  const isValid = number === null || (Number.isInteger(number) && number >= 1);
  const save = () => {
    if (isValid && number !== value) onChange(number);
  };
  return (
    <TextField className={styles.number!}
      label={label} hint={hint} value={typed} inputMode="numeric" onChange={setTyped} onBlur={save}
      error={isValid ? undefined : hint}
    />
  );
}
