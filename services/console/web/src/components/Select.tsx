import {
  Button, Label, ListBox, ListBoxItem, Popover, Select as AriaSelect, SelectValue,
} from "react-aria-components";
import fieldStyles from "./Field.module.css";
import menuStyles from "./Menu.module.css";
import styles from "./Select.module.css";

interface Props<Key extends string> {
  label: string;
  value: Key | null;
  options: ReadonlyArray<readonly [key: Key, label: string]>;
  placeholder?: string;
  isLabelHidden?: boolean;
  onChange: (key: Key) => void;
}

/** One of many. */
export function Select<Key extends string>({
  label, value, options, placeholder, isLabelHidden = false, onChange,
}: Props<Key>) {
  return (
    <AriaSelect
      value={value} onChange={(key) => onChange(key as Key)} className={fieldStyles.field!}
      placeholder={placeholder ?? ""}
    >
      <Label className={isLabelHidden ? "only-for-screen-readers" : fieldStyles.label!}>{label}</Label>
      <Button className={styles.button!}><SelectValue /><span aria-hidden>▾</span></Button>
      <Popover className={`${menuStyles.popover} ${styles.popover}`}>
        <ListBox className={menuStyles.menu!} items={options.map(([id, text]) => ({ id, text }))}>
          {(option) => <ListBoxItem className={menuStyles.item!}>{option.text}</ListBoxItem>}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
