import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { Sentence } from "@/components/Sentence";
import { usePageTexts } from "@/texts/page-texts";
import { errorsFirst } from "./errors-first";
import type { Examined, Finding } from "./examined";
import styles from "./Findings.module.css";

interface Props {
  examined: Examined;
  isFixing: boolean;
  onGoTo: (finding: Finding) => void;
  onFix: (finding: Finding) => void;
  onFixAll: () => void;
}

const KINDS = { error: "danger", warning: "warning", note: "plain" } as const;

/** What was found in the schema, errors first, else in the order of the text; each leads to its place, or is mended. */
export function Findings({ examined, isFixing, onGoTo, onFix, onFixAll }: Props) {
  const { schema: texts } = usePageTexts();
  if (examined.findings.length === 0) return null;
  const mendable = examined.findings.filter((one) => one.repair !== null && (one.repair.needs ?? []).length === 0);
  return (
    <section aria-label={texts.findings} className={styles.section}>
      <div className={styles.head}>
        <h3>{texts.found(examined.findings.length + examined.more_findings)}</h3>
        {mendable.length > 1 && (
          <Button kind="quiet" isPending={isFixing} onPress={onFixAll}>{texts.fixAll(mendable.length)}</Button>
        )}
      </div>
      <ul role="list" className={styles.list}>
        {errorsFirst(examined.findings).map((finding, place) => (
          <li key={place} className={styles.row}>
            <button type="button" className={styles.finding} onClick={() => onGoTo(finding)}>
              <Badge kind={kindOf(finding)}>{texts.severity[finding.severity] ?? finding.severity}</Badge>
              <span className={styles.what}>
                <span><Sentence text={finding.message} /></span>
                {finding.hint !== "" && <span className={styles.soft}><Sentence text={finding.hint} /></span>}
                {finding.line !== null && <span className={styles.soft}>{texts.line(finding.line)}</span>}
              </span>
            </button>
            {finding.repair !== null && (
              <Button isDisabled={isFixing} onPress={() => onFix(finding)} aria-label={`${texts.fix}: ${finding.repair.title}`}>
                {finding.repair.title}
              </Button>
            )}
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
