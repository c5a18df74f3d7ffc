import { Input, SearchField as AriaSearchField } from "react-aria-components";
import styles from "./Field.module.css";

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  autoFocus?: boolean;
}

export function SearchField({ label, value, onChange, autoFocus = false }: Props) {
  return (
    <AriaSearchField aria-label={label} value={value} onChange={onChange} autoFocus={autoFocus}>
      <Input className={styles.input!} placeholder={label} maxLength={100} />
    </AriaSearchField>
  );
}
