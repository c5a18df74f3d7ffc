import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Session } from "@/api/session";
import { domainsQuery } from "@/features/admin/domains-query";
import { useTexts } from "@/texts/use-texts";
import styles from "./FirstSteps.module.css";

interface Props {
  session: Session;
  hasGpt: boolean;
  isPublished: boolean;
  onMake: () => void;
}

/** What a new workspace needs, until all of it is there. */
export function FirstSteps({ session, hasGpt, isPublished, onMake }: Props) {
  const { firstSteps: texts } = useTexts();
  const domains = useQuery({ ...domainsQuery, enabled: mayAllow(session) });
  if (!mayAllow(session) || domains.data === undefined) return null;
  const allowed = domains.data.mode === "all" || domains.data.domains.length > 0;
  if (allowed && hasGpt && isPublished) return null;
  return (
    <section className={styles.steps} aria-labelledby="first-steps">
      <h2 id="first-steps">{texts.title}</h2>
      <ol>
        <Step isDone={allowed}>{allowed ? texts.domain : <Link to="/admin/domains">{texts.domain}</Link>}</Step>
        <Step isDone={hasGpt}>{hasGpt ? texts.gpt : <button type="button" className={styles.link} onClick={onMake}>{texts.gpt}</button>}</Step>
        <Step isDone={isPublished}>{texts.publish}</Step>
      </ol>
    </section>
  );
}

function Step({ isDone, children }: { isDone: boolean; children: React.ReactNode }) {
  const { firstSteps: texts } = useTexts();
  return (
    <li className={isDone ? styles.done : undefined}>
      {children}
      {isDone && <span className="only-for-screen-readers"> {texts.done}</span>}
    </li>
  );
}

function mayAllow({ member }: Session): boolean {
  return member.role === "owner" || member.role === "admin";
}
