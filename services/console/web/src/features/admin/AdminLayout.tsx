import { Link, Outlet } from "@tanstack/react-router";
import { usePageTexts } from "@/texts/page-texts";
import styles from "./AdminLayout.module.css";

const PAGES = ["domains", "members", "connections", "gpts", "tokens", "settings", "audit"] as const;

export function AdminLayout() {
  const { admin: texts } = usePageTexts();
  return (
    <div className={styles.layout}>
      <nav aria-label={texts.title} className={styles.nav}>
        {PAGES.map((page) => (
          <Link key={page} to={`/admin/${page}`} className={styles.link}>{texts.pages[page]}</Link>
        ))}
      </nav>
      <div className={styles.page}><Outlet /></div>
    </div>
  );
}
