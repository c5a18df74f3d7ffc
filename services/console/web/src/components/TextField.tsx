import type { ReactNode } from "react";
import {
  FieldError, Input, Label, Text, TextArea, TextField as AriaTextField, type TextFieldProps,
} from "react-aria-components";
import styles from "./Field.module.css";

interface Props extends Omit<TextFieldProps, "children"> {
  label: string;
  hint?: ReactNode;
  /** What is wrong with the value; shown beside the field and read out with it. */
  error?: string | undefined;
  placeholder?: string | undefined;
  multiline?: boolean;
  /** Where what stands around says it already; it is still read out. */
  isLabelHidden?: boolean;
}

export function TextField({ label, hint, error, placeholder, multiline = false, isLabelHidden = false, ...rest }: Props) {
  const Box = multiline ? TextArea : Input;
  return (
    <AriaTextField {...rest} isInvalid={error !== undefined} className={rest.className ?? styles.field!}>
      <Label className={isLabelHidden ? "only-for-screen-readers" : styles.label!}>{label}</Label>
      <Box className={styles.input!} placeholder={placeholder ?? ""} />
      {hint !== undefined && <Text slot="description" className={styles.hint!}>{hint}</Text>}
      <FieldError className={styles.error!}>{error}</FieldError>
    </AriaTextField>
  );
}
