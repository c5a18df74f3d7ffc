import { useTexts } from "@/texts/use-texts";
import styles from "./Loading.module.css";

/** The outline of a list that is on its way. */
export function Loading({ rows = 3 }: { rows?: number }) {
  const texts = useTexts();
  return (
    <div className={styles.loading} role="status">
      <span className="only-for-screen-readers">{texts.common.loading}</span>
      {Array.from({ length: rows }, (_, row) => <div key={row} className={styles.row} />)}
    </div>
  );
}
