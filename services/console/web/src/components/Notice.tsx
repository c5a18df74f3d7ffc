import type { ReactNode } from "react";
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
      <strong>{title}</strong>
      {hint !== undefined && hint !== "" && <p>{hint}</p>}
      {children !== undefined && <div className={styles.actions}>{children}</div>}
    </div>
  );
}
