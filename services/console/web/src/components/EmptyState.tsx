import type { ReactNode } from "react";
import styles from "./EmptyState.module.css";

interface Props {
  title: string;
  hint?: string | undefined;
  /** The one thing to do about it. */
  children?: ReactNode;
}

export function EmptyState({ title, hint, children }: Props) {
  return (
    <div className={styles.empty}>
      <h2>{title}</h2>
      {hint !== undefined && <p>{hint}</p>}
      {children}
    </div>
  );
}
