import { type ReactNode, useId } from "react";
import styles from "./Section.module.css";

interface Props {
  title: string;
  /** Beside the title. */
  tools?: ReactNode;
  children: ReactNode;
}

/** A titled part of a page. */
export function Section({ title, tools, children }: Props) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div className={styles.head}>
        <h2 id={id}>{title}</h2>
        <div className={styles.tools}>{tools}</div>
      </div>
      {children}
    </section>
  );
}
