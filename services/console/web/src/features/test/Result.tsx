import { useQuery } from "@tanstack/react-query";
import { Badge } from "@/components/Badge";
import { Notice } from "@/components/Notice";
import { usePageTexts } from "@/texts/page-texts";
import { Body } from "./Body";
import styles from "./Result.module.css";
import { kindOfFile } from "./shown-as";
import { type Called, recordQuery } from "./tools";
import { Trace } from "./Trace";
import { traceOf } from "./trace";

const KINDS = { succeeded: "success", failed: "danger", refused: "warning", unknown: "plain" } as const;

/** How a call ended, what the API answered, and each decision on the way. */
export function Result({ outcome }: { outcome: Called }) {
  const { test: texts } = usePageTexts();
  const record = useQuery(recordQuery(outcome.id));
  const isNotText = outcome.outcome === "succeeded" && outcome.error?.code === "execution.response_not_text";
  return (
    <div className={styles.result} role="status">
      <p className={styles.marks}>
        {isNotText
          ? <Badge>{texts.answered}</Badge>
          : <Badge kind={KINDS[outcome.outcome]}>{texts.outcomes[outcome.outcome]}</Badge>}
        {outcome.status !== null && <Badge>{`HTTP ${outcome.status}`}</Badge>}
        <Badge>{texts.took(Math.round(outcome.duration_ms))}</Badge>
        {(outcome.masked ?? 0) > 0 && <Badge kind="accent">{texts.masked(outcome.masked ?? 0)}</Badge>}
      </p>
      {isNotText && <Notice kind="note" title={texts.notText(kindOfFile(outcome.content_type, record.data?.response_bytes))} hint={texts.notTextHint} />}
      {outcome.error !== null && outcome.error !== undefined && !isNotText && (
        <Notice kind="error" title={outcome.error.detail} hint={outcome.error.hint} />
      )}
      {outcome.body != null && <Body body={outcome.body} contentType={outcome.content_type} />}
      {outcome.truncated && <p>{texts.truncated}</p>}
      <Trace steps={traceOf(outcome, record.data)} />
    </div>
  );
}
