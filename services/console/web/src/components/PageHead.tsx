import { type ReactNode, useEffect } from "react";
import { useTexts } from "@/texts/use-texts";
import styles from "./PageHead.module.css";

interface Props {
  title: string;
  children?: ReactNode;
}

/** The page's heading, which the browser's tab shows too, and its main actions. */
export function PageHead({ title, children }: Props) {
  const { product } = useTexts();
  useEffect(() => { document.title = `${title} · ${product}`; }, [title, product]);
  return (
    <div className={styles.head}>
      <h1>{title}</h1>
      <div className={styles.actions}>{children}</div>
    </div>
  );
}
