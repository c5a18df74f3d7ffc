import { Problem } from "@/api/problem";
import { sessionEnded } from "@/api/session-ended";
import { useTexts } from "@/texts/use-texts";
import { Button } from "./Button";
import { Sentence } from "./Sentence";
import styles from "./Notice.module.css";

interface Props {
  error: unknown;
  onRetry?: (() => void) | undefined;
}

/** What was refused or failed, with what to do, a way to try again, and the trace for support. */
export function ProblemNotice({ error, onRetry }: Props) {
  const texts = useTexts();
  const problem = error instanceof Problem ? error : undefined;
  if (problem?.status === 401 && sessionEnded.is()) return null; // The bar above the page says so.
  return (
    <div className={`${styles.notice} ${styles.error}`} role="alert">
      <strong><Sentence text={error instanceof Error ? error.message : String(error)} /></strong>
      {problem !== undefined && problem.hint !== "" && <p><Sentence text={problem.hint} /></p>}
      {problem !== undefined && problem.findings.length > 0 && (
        <ul className={styles.findings}>
          {problem.findings.map((one, place) => (
            <li key={place}>{one.pointer !== "" && <code>{one.pointer}</code>} <Sentence text={one.message} /></li>
          ))}
        </ul>
      )}
      {problem?.traceId !== undefined && problem.status >= 500 && (
        <p className={styles.more}>{texts.common.traceOf(problem.traceId)}</p>
      )}
      {onRetry !== undefined && (
        <div className={styles.actions}>
          <Button onPress={onRetry}>{texts.common.retry}</Button>
        </div>
      )}
    </div>
  );
}
