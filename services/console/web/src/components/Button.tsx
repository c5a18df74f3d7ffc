import { Button as AriaButton, type ButtonProps } from "react-aria-components";
import styles from "./Button.module.css";

export type Kind = "plain" | "primary" | "danger" | "quiet";

export function Button({ kind = "plain", ...rest }: ButtonProps & { kind?: Kind }) {
  return <AriaButton {...rest} className={buttonClass(kind)} />;
}

/** For links that look like buttons. */
export function buttonClass(kind: Kind): string {
  return kind === "plain" ? styles.button! : `${styles.button} ${styles[kind]}`;
}
