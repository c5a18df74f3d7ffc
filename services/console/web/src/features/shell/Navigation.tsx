import { Link } from "@tanstack/react-router";
import icon from "@/design/icon.svg";
import { useTexts } from "@/texts/use-texts";
import styles from "./Shell.module.css";

export function Navigation({ signedIn }: { signedIn: boolean }) {
  const texts = useTexts();
  return (
    <nav aria-label={texts.nav.label} className={styles.nav}>
      <Link to="/" className={styles.brand} activeProps={{ className: styles.brand! }}>
        <img src={icon} alt="" /><span>{texts.product}</span>
      </Link>
      <div className={styles.links}>
        {signedIn && <Link to="/" className={styles.link}>{texts.nav.gpts}</Link>}
        {signedIn && <Link to="/admin" className={styles.link}>{texts.nav.admin}</Link>}
        <a href="/docs" className={styles.link}>{texts.nav.docs}</a>
      </div>
    </nav>
  );
}
