import type { ReactNode } from "react";
import { Sentence } from "./Sentence";
import styles from "./Notice.module.css";

interface Props {
  kind: "note" | "warning" | "error" | "success";
  title: string;
  hint?: string | undefined;
  children?: ReactNode;
}

/** A message within a page. Errors are read out at once, the others when it is quiet. */
export function Notice({ kind, title, hint, children }: Props) {
  return (
    <div className={`${styles.notice} ${styles[kind]}`} role={kind === "error" ? "alert" : "status"}>
      <strong><Sentence text={title} /></strong>
      {hint !== undefined && hint !== "" && <p><Sentence text={hint} /></p>}
      {children !== undefined && <div className={styles.actions}>{children}</div>}
    </div>
  );
}
