import type { ReactNode } from "react";
import styles from "./Badge.module.css";

interface Props {
  kind?: "plain" | "success" | "warning" | "danger" | "accent";
  children: ReactNode;
}

export function Badge({ kind = "plain", children }: Props) {
  return <span className={`${styles.badge} ${styles[kind] ?? ""}`}>{children}</span>;
}
