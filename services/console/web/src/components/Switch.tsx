import { Switch as AriaSwitch, type SwitchProps } from "react-aria-components";
import styles from "./Switch.module.css";

interface Props extends Omit<SwitchProps, "children"> {
  label: string;
  hint: string;
}

export function Switch({ label, hint, ...rest }: Props) {
  return (
    <AriaSwitch {...rest} className={styles.switch!}>
      <span className={styles.track} aria-hidden />
      <span className={styles.text}><strong>{label}</strong><span>{hint}</span></span>
    </AriaSwitch>
  );
}
