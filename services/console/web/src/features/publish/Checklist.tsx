import { Link } from "@tanstack/react-router";
import { usePageTexts } from "@/texts/page-texts";
import type { Rule } from "./checklist";
import styles from "./Checklist.module.css";

interface Props {
  gptId: string;
  rules: readonly Rule[];
}

/** Each rule, passed or not, with the way to where it is mended. */
export function Checklist({ gptId, rules }: Props) {
  const { publish: texts } = usePageTexts();
  return (
    <ul role="list" className={styles.list} aria-label={texts.checklist}>
      {rules.map((rule) => (
        <li key={`${rule.key} ${rule.about ?? ""}`} className={rule.passed ? styles.passed : styles.failed}>
          <span aria-hidden>{rule.passed ? "✓" : "!"}</span>
          <span>{(rule.passed ? texts.rules : texts.lacks)[rule.key](rule.about ?? "")}</span>
          {!rule.passed && <Fix gptId={gptId} rule={rule} />}
        </li>
      ))}
    </ul>
  );
}

function Fix({ gptId, rule }: { gptId: string; rule: Rule }) {
  const { publish: texts } = usePageTexts();
  if (rule.key === "domains_allowed") return <Link to="/admin/domains" search={rule.about === undefined ? {} : { allow: rule.about }}>{texts.fixes.domains_allowed}</Link>;
  if (rule.actionId === undefined) {
    return <Link to="/gpts/$gptId/new-action" params={{ gptId }}>{texts.fixes.has_action}</Link>;
  }
  const params = { gptId, actionId: rule.actionId };
  return <Link to="/gpts/$gptId/actions/$actionId" params={params}>{texts.fixes[rule.key]}</Link>;
}
