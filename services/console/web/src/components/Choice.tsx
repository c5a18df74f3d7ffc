import { Label, Radio, RadioGroup, type RadioGroupProps } from "react-aria-components";
import fieldStyles from "./Field.module.css";
import styles from "./Choice.module.css";

interface Props<Key extends string> extends Omit<RadioGroupProps, "children" | "onChange" | "value"> {
  label: string;
  value: Key;
  options: ReadonlyArray<readonly [key: Key, label: string]>;
  onChange: (key: Key) => void;
}

/** One of a few, all of them visible. */
export function Choice<Key extends string>({ label, options, onChange, ...rest }: Props<Key>) {
  return (
    <RadioGroup {...rest} onChange={(key) => onChange(key as Key)} className={fieldStyles.field!}>
      <Label className={fieldStyles.label!}>{label}</Label>
      <div className={styles.options}>
        {options.map(([key, text]) => (
          <Radio key={key} value={key} className={styles.option!}>{text}</Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
