import { useState } from "react";
import { Badge } from "@/components/Badge";
import { SearchField } from "@/components/SearchField";
import { useTexts } from "@/texts/use-texts";
import styles from "./Operations.module.css";
import type { Operation } from "./schema/examined";

const VERDICTS = { ready: "success", ready_with_warnings: "warning", blocked: "danger" } as const;
const FILTER_FROM = 8;

/** The detected actions: what a model will be able to call, and why not where it cannot. */
export function Operations({ operations }: { operations: readonly Operation[] }) {
  const { schema: texts } = useTexts();
  const [wanted, setWanted] = useState("");
  const shown = operations.filter((one) => matches(one, wanted));
  return (
    <section aria-labelledby="operations" className={styles.section}>
      <h2 id="operations">{texts.operations(operations.length)}</h2>
      {operations.length >= FILTER_FROM && (
        <SearchField label={texts.filterOperations} value={wanted} onChange={setWanted} />
      )}
      <div className={styles.scroll} tabIndex={0} role="region" aria-labelledby="operations">
        <table className={styles.table}>
          <thead>
            <tr>{texts.columns.map((column) => <th key={column} scope="col">{column}</th>)}</tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <tr key={`${one.method} ${one.path}`}>
                <th scope="row">{one.name}</th>
                <td><code>{one.method.toUpperCase()}</code></td>
                <td><code>{one.path}</code></td>
                <td>
                  <Badge kind={VERDICTS[one.verdict]}>{texts.verdicts[one.verdict]}</Badge>
                  {one.blocked_by != null && <p className={styles.why}>{one.blocked_by.message}</p>}
                </td>
                <td>{one.consequential && <Badge kind="accent">{texts.consequential}</Badge>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function matches(operation: Operation, wanted: string): boolean {
  const text = `${operation.name} ${operation.method} ${operation.path} ${operation.summary}`;
  return text.toLowerCase().includes(wanted.toLowerCase());
}
