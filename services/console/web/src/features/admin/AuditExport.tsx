import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { api, need } from "@/api/client";
import { Button } from "@/components/Button";
import { ProblemNotice } from "@/components/ProblemNotice";
import { usePageTexts } from "@/texts/page-texts";
import styles from "./AdminLayout.module.css";
import { csvOf, jsonLinesOf } from "./audit-export";
import { type AuditFilters, queryOf } from "./audit-filters";
import type { Call } from "./timeline";

type Format = "csv" | "jsonl";
const WRITE = { csv: csvOf, jsonl: jsonLinesOf } as const;
const TYPES = { csv: "text/csv", jsonl: "application/jsonl" } as const;

/** All calls that the filters leave, as a file; it says how far it is, and can be stopped. */
export function AuditExport({ filters }: { filters: AuditFilters }) {
  const { audit: texts, common } = usePageTexts();
  const [read, setRead] = useState(0);
  const ending = useRef<AbortController>(null);
  const run = useMutation({
    mutationFn: async (format: Format) => {
      ending.current = new AbortController();
      const calls = await readAll(filters, ending.current.signal, setRead);
      save(new Blob([WRITE[format](calls)], { type: TYPES[format] }), `calls.${format}`);
    },
  });
  if (run.isPending) {
    return (
      <div className={styles.progress} role="status">
        <span>{texts.exporting(read)}</span>
        <Button onPress={() => ending.current?.abort()}>{common.cancel}</Button>
      </div>
    );
  }
  const isStopped = run.error instanceof DOMException && run.error.name === "AbortError";
  return (
    <>
      <Button kind="quiet" onPress={() => run.mutate("csv")}>{texts.exportCsv}</Button>
      <Button kind="quiet" onPress={() => run.mutate("jsonl")}>{texts.exportJson}</Button>
      {run.isError && !isStopped && <ProblemNotice error={run.error} />}
    </>
  );
}

async function readAll(filters: AuditFilters, signal: AbortSignal, onRead: (count: number) => void): Promise<Call[]> {
  const calls: Call[] = [];
  const asked = queryOf(filters, new Date());
  let cursor: string | null = null;
  onRead(0);
  do {
    const query = { ...asked, limit: 100, ...(cursor !== null && { cursor }) };
    const page: { items: Call[]; next_cursor?: string | null } = await need(api.GET("/v1/invocations", { params: { query }, signal }));
    calls.push(...page.items);
    cursor = page.next_cursor ?? null;
    onRead(calls.length);
  } while (cursor !== null);
  return calls;
}

function save(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
