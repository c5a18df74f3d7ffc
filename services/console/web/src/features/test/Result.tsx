import { Badge } from "@/components/Badge";
import { Notice } from "@/components/Notice";
import { useTexts } from "@/texts/use-texts";
import { JsonTree } from "./JsonTree";
import styles from "./Result.module.css";
import type { Outcome } from "./tools";

const KINDS = { succeeded: "success", failed: "danger", refused: "danger", unknown: "warning" } as const;

/** How a call ended, and what the API answered: as text, never as a page. */
export function Result({ outcome }: { outcome: Outcome }) {
  const { test: texts } = useTexts();
  return (
    <div className={styles.result} role="status">
      <p className={styles.marks}>
        <Badge kind={KINDS[outcome.outcome]}>{texts.outcomes[outcome.outcome]}</Badge>
        {outcome.status !== null && <Badge>{`HTTP ${outcome.status}`}</Badge>}
        <Badge>{texts.took(Math.round(outcome.duration_ms))}</Badge>
        {(outcome.masked ?? 0) > 0 && <Badge kind="accent">{texts.masked(outcome.masked ?? 0)}</Badge>}
      </p>
      {outcome.error !== null && outcome.error !== undefined && (
        <Notice kind="error" title={outcome.error.detail} hint={outcome.error.hint} />
      )}
      {outcome.body !== null && <div className={styles.body}><JsonTree value={outcome.body} /></div>}
      {outcome.truncated && <p>{texts.truncated}</p>}
    </div>
  );
}
