import { Input, SearchField as AriaSearchField } from "react-aria-components";
import styles from "./Field.module.css";

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

export function SearchField({ label, value, onChange }: Props) {
  return (
    <AriaSearchField aria-label={label} value={value} onChange={onChange}>
      <Input className={styles.input!} placeholder={label} maxLength={100} />
    </AriaSearchField>
  );
}
