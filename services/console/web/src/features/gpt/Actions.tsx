import { Link } from "@tanstack/react-router";
import { buttonClass } from "@/components/Button";
import { usePageTexts } from "@/texts/page-texts";
import styles from "./Configure.module.css";
import type { Gpt } from "./gpt";

export const MAX_ACTIONS = 10;

export function Actions({ gpt }: { gpt: Gpt }) {
  const { gpt: texts } = usePageTexts();
  return (
    <section className={styles.actions} aria-labelledby="actions">
      <header>
        <h2 id="actions">{texts.actions}</h2>
        {gpt.actions.length < MAX_ACTIONS && (
          <Link to="/gpts/$gptId/new-action" params={{ gptId: gpt.id }} className={buttonClass("plain")}>
            {texts.addAction}
          </Link>
        )}
      </header>
      {gpt.actions.length === 0 && <p className={styles.soft}>{texts.noActions}</p>}
      <ul role="list" className={styles.rows}>
        {gpt.actions.map((action) => (
          <li key={action.id}>
            <Link
              to="/gpts/$gptId/actions/$actionId" params={{ gptId: gpt.id, actionId: action.id }}
              className={styles.action}
            >
              <strong>{action.name}</strong>
              <span className={styles.soft}>
                {[...action.origins.map((origin) => new URL(origin).host), texts.operations(action.operations.length)].join(" · ")}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
