import { usePageTexts } from "@/texts/page-texts";
import styles from "./Result.module.css";
import type { Step } from "./trace";

/** Every decision on a call's way, in its order. */
export function Trace({ steps }: { steps: readonly Step[] }) {
  const { test: texts } = usePageTexts();
  return (
    <details className={styles.trace}>
      <summary>{texts.trace}</summary>
      <ol>
        {steps.map((step, place) => (
          <li key={place} className={step.passed ? styles.passed : styles.failed}>
            <span aria-hidden>{step.passed ? "✓" : "!"}</span>
            <span>{texts.steps[step.key](step.about)}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}
