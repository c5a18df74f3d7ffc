import type { ReactNode } from "react";
import styles from "./Row.module.css";

interface Props {
  title: ReactNode;
  detail?: ReactNode;
  /** Badges and buttons. */
  children?: ReactNode;
}

/** One entry of a list. */
export function Row({ title, detail, children }: Props) {
  return (
    <div className={styles.row}>
      <div className={styles.what}>
        <strong>{title}</strong>
        {detail !== undefined && <span className={styles.detail}>{detail}</span>}
      </div>
      <div className={styles.more}>{children}</div>
    </div>
  );
}
