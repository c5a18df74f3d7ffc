import { Problem } from "@/api/problem";
import { useTexts } from "@/texts/use-texts";
import { Button } from "./Button";
import styles from "./Notice.module.css";

interface Props {
  error: unknown;
  onRetry?: (() => void) | undefined;
}

/** What was refused or failed, with what to do, a way to try again, and the trace for support. */
export function ProblemNotice({ error, onRetry }: Props) {
  const texts = useTexts();
  const problem = error instanceof Problem ? error : undefined;
  return (
    <div className={`${styles.notice} ${styles.error}`} role="alert">
      <strong>{error instanceof Error ? error.message : String(error)}</strong>
      {problem !== undefined && problem.hint !== "" && <p>{problem.hint}</p>}
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
