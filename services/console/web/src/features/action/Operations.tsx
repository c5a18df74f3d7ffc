import { useQuery } from "@tanstack/react-query";
import { memo, useDeferredValue, useState } from "react";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { SearchField } from "@/components/SearchField";
import { Sentence } from "@/components/Sentence";
import { domainsQuery } from "@/features/admin/domains-query";
import { isAllowed } from "@/features/publish/checklist";
import { usePageTexts } from "@/texts/page-texts";
import styles from "./Operations.module.css";
import type { Operation } from "./schema/examined";

const VERDICTS = { ready: "success", ready_with_warnings: "warning", blocked: "danger" } as const;
const FILTER_FROM = 8;
const MAX_SHOWN = 250;

type Rules = Parameters<typeof isAllowed>[1];

interface Props {
  operations: readonly Operation[];
  /** About how many tokens each tool takes, by name; left out where the schema is not saved. */
  tokens?: ReadonlyMap<string, number> | undefined;
  onTest?: (operation: Operation) => void;
}

/** The detected actions: what a model will be able to call, and why not where it cannot. */
export const Operations = memo(function Operations({ operations, tokens, onTest }: Props) {
  const { schema: texts, test } = usePageTexts();
  const { data: rules } = useQuery(domainsQuery);
  const [wanted, setWanted] = useState("");
  const sought = useDeferredValue(wanted.toLowerCase());
  const found = operations.filter((one) => textOf(one).includes(sought));
  const total = tokens === undefined ? 0 : [...tokens.values()].reduce((sum, one) => sum + one, 0);
  const headings = [...texts.columns, ...(tokens ? [texts.tokens] : []), ...(onTest ? [test.title] : [])];
  return (
    <section aria-labelledby="operations" className={styles.section}>
      <div className={styles.head}>
        <h2 id="operations">{texts.operations(operations.length)}</h2>
        {total > 0 && <Badge>{texts.tokensTogether(total)}</Badge>}
      </div>
      {operations.length === 0 && <p>{texts.noOperations}</p>}
      {operations.length >= FILTER_FROM && (
        <SearchField label={texts.filterOperations} value={wanted} onChange={setWanted} />
      )}
      {operations.length > 0 && (
        <div className={styles.scroll} tabIndex={0} role="group" aria-labelledby="operations">
          <table className={styles.table}>
            <thead>
              <tr>{headings.map((heading) => <th key={heading} scope="col">{heading}</th>)}</tr>
            </thead>
            <tbody>
              {found.slice(0, MAX_SHOWN).map((one) => (
                <Row key={`${one.method} ${one.path}`} operation={one} rules={rules} tokens={tokens} onTest={onTest} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {found.length === 0 && operations.length > 0 && <p>{texts.noOperationFound(wanted)}</p>}
      {found.length > MAX_SHOWN && <p className={styles.why}>{texts.moreOperations(found.length - MAX_SHOWN)}</p>}
    </section>
  );
});

interface RowProps {
  operation: Operation;
  /** Undefined until they are known. */
  rules: Rules | undefined;
  tokens: ReadonlyMap<string, number> | undefined;
  onTest: ((operation: Operation) => void) | undefined;
}

function Row({ operation, rules, tokens, onTest }: RowProps) {
  const { schema: texts, test } = usePageTexts();
  const { blocked_by: why } = operation;
  const lacksDomain = operation.verdict !== "blocked" && rules !== undefined && operation.origin !== null
    && !isAllowed(new URL(operation.origin).hostname, rules);
  const isRefused = operation.verdict !== "blocked" && (lacksDomain || operation.consequential);
  return (
    <tr>
      <th scope="row">
        {operation.name}
        {operation.summary !== "" && <p className={styles.why}>{operation.summary}</p>}
      </th>
      <td><code className={styles.method}>{operation.method.toUpperCase()}</code></td>
      <td><code>{operation.path}</code></td>
      <td>
        <Badge kind={isRefused ? "warning" : VERDICTS[operation.verdict]}>
          {lacksDomain ? texts.domainLacks : texts.verdicts[operation.verdict]}
        </Badge>
        {operation.verdict !== "blocked" && operation.consequential && <p className={styles.why}><Sentence text={texts.needsApproval} /></p>}
        {why != null && <p className={styles.why}><Sentence text={why.message} /></p>}
        {why != null && why.hint !== "" && <p className={styles.why}><Sentence text={why.hint} /></p>}
      </td>
      <td className={operation.consequential ? undefined : styles.no}>{operation.consequential ? <Badge kind="accent">{texts.consequential}</Badge> : <span className={styles.why}>{texts.notConsequential}</span>}</td>
      {tokens !== undefined && <td className={styles.number} data-unit={texts.tokens}>{tokens.get(operation.name) ?? "–"}</td>}
      {onTest !== undefined && (
        <td>
          {operation.verdict !== "blocked" && (
            <Button onPress={() => onTest(operation)} aria-label={texts.testOf(operation.name)}>{test.title}</Button>
          )}
        </td>
      )}
    </tr>
  );
}

function textOf({ name, method, path, summary, verdict }: Operation): string {
  return `${name} ${method} ${path} ${summary} ${verdict}`.toLowerCase();
}
