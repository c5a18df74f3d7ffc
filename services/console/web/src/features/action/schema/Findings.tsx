import { Badge } from "@/components/Badge";
import { useTexts } from "@/texts/use-texts";
import type { Examined, Finding } from "./examined";
import styles from "./Findings.module.css";

interface Props {
  examined: Examined;
  onGoTo: (finding: Finding) => void;
}

const KINDS = { error: "danger", warning: "warning", note: "plain" } as const;

/** What was found in the schema, in the order of the text; each leads to its place. */
export function Findings({ examined, onGoTo }: Props) {
  const { schema: texts } = useTexts();
  if (examined.findings.length === 0) return null;
  return (
    <section aria-label={texts.findings}>
      <ul role="list" className={styles.list}>
        {examined.findings.map((finding, place) => (
          <li key={place}>
            <button type="button" className={styles.finding} onClick={() => onGoTo(finding)}>
              <Badge kind={kindOf(finding)}>{texts.severity[finding.severity] ?? finding.severity}</Badge>
              <span className={styles.what}>
                <span>{finding.message}</span>
                {finding.hint !== "" && <span className={styles.soft}>{finding.hint}</span>}
              </span>
              {finding.line !== null && <span className={styles.soft}>{texts.line(finding.line)}</span>}
            </button>
          </li>
        ))}
      </ul>
      {examined.more_findings > 0 && <p className={styles.soft}>{texts.more(examined.more_findings)}</p>}
    </section>
  );
}

function kindOf({ severity }: Finding) {
  return severity === "error" || severity === "warning" ? KINDS[severity] : KINDS.note;
}
