import { Link } from "@tanstack/react-router";
import icon from "@/design/icon.svg";
import type { Session } from "@/api/session";
import { useTexts } from "@/texts/use-texts";
import styles from "./Shell.module.css";

const MANAGE: ReadonlySet<string> = new Set(["owner", "admin"]);

export function Navigation({ session }: { session: Session | null }) {
  const texts = useTexts();
  return (
    <nav aria-label={texts.nav.label} className={styles.nav}>
      <Link to="/" className={styles.brand} activeProps={{ className: styles.brand! }}>
        <img src={icon} alt="" /><span>{texts.product}</span>
      </Link>
      <div className={styles.links}>
        {session !== null && <Link to="/" className={styles.link}>{texts.nav.gpts}</Link>}
        {session !== null && MANAGE.has(session.member.role) && <Link to="/admin" className={styles.link}>{texts.nav.admin}</Link>}
        <a href="/docs" className={styles.link}>{texts.nav.docs}</a>
      </div>
    </nav>
  );
}
