import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { api, need } from "@/api/client";
import { shownHost } from "@/api/host";
import { pagesOf } from "@/api/pages";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { PagedList } from "@/components/PagedList";
import { PageHead } from "@/components/PageHead";
import { Row } from "@/components/Row";
import { Select } from "@/components/Select";
import { TextField } from "@/components/TextField";
import { Time } from "@/components/Time";
import { usePageTexts } from "@/texts/page-texts";
import styles from "./AdminLayout.module.css";
import { AuditExport } from "./AuditExport";
import { type AuditFilters, auditFilters, DAYS, OUTCOMES, queryOf } from "./audit-filters";
import { NamedFilter } from "./NamedFilter";
import { gptNamesQuery, memberNamesQuery } from "./names";
import { Timeline } from "./Timeline";
import type { Call } from "./timeline";

const KINDS = { succeeded: "success", failed: "danger", refused: "warning", unknown: "plain" } as const;
const route = getRouteApi("/admin/audit");

const callsQuery = (filters: AuditFilters) =>
  pagesOf(["calls", filters], (asked, signal) =>
    need(api.GET("/v1/invocations", { params: { query: { ...asked, ...queryOf(filters, new Date()) } }, signal })));

/** Every call: who, what, where, and how it ended. */
export function Audit() {
  const { audit: texts, test } = usePageTexts();
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const calls = useInfiniteQuery(callsQuery(filters));
  const names = useQuery(memberNamesQuery);
  const gpts = useQuery(gptNamesQuery);
  const about = (call: Call) => [
    call.method?.toUpperCase(), shownHost(call.host ?? ""), gpts.data?.get(call.gpt_id) ?? call.gpt_id,
    names.data?.get(call.member_id) ?? call.member_id,
  ].filter(Boolean).join(" · ");
  const shown = useMemo(() => calls.data?.pages.flatMap((page) => page.items) ?? [], [calls.data]);
  const filter = (change: Record<string, unknown>) =>
    void navigate({ search: auditFilters({ ...filters, ...change }), replace: true });
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <>
      <PageHead title={texts.title}><AuditExport filters={filters} /></PageHead>
      <div className={styles.filters}>
        <Select
          label={texts.when} value={String(filters.days ?? "")}
          options={[["", texts.ever], ...DAYS.map((days) => [String(days), texts.days(days)] as const)]}
          onChange={(days) => filter({ days })}
        />
        <Select
          label={texts.outcome} value={filters.outcome ?? ""}
          options={[["", texts.all], ...OUTCOMES.map((one) => [one, test.outcomes[one]] as const)]}
          onChange={(outcome) => filter({ outcome })}
        />
        <TextField label={texts.host} value={filters.host ?? ""} onChange={(host) => filter({ host })} placeholder="api.example.org" />
        <TextField label={texts.operation} value={filters.operation ?? ""} onChange={(operation) => filter({ operation })} placeholder="getPet" />
        <NamedFilter label={texts.gpt} value={filters.gpt_id ?? null} names={gpts.data} onChange={(gpt_id) => filter({ gpt_id })} />
        <NamedFilter label={texts.member} value={filters.member_id ?? null} names={names.data} onChange={(member_id) => filter({ member_id })} />
      </div>
      {shown.length > 0 && <Timeline calls={shown} />}
      <PagedList
        pages={calls} keyOf={(call) => call.id}
        empty={isFiltered ? (
          <EmptyState title={texts.noneFound}>
            <Button onPress={() => void navigate({ search: {}, replace: true })}>{texts.showAll}</Button>
          </EmptyState>
        ) : <EmptyState title={texts.none} hint={texts.noneHint} />}
      >
        {(call) => (
          <Row
            title={call.operation}
            detail={<>{about(call)} · <Time at={call.at} /></>}
          >
            {call.code !== "" && call.code !== "ok" && <Badge>{call.code}</Badge>}
            {call.status !== null && <Badge>{`HTTP ${call.status}`}</Badge>}
            {call.duration_ms !== null && <Badge>{test.took(Math.round(call.duration_ms))}</Badge>}
            <Badge kind={call.outcome === null ? "plain" : KINDS[call.outcome]}>
              {call.outcome === null ? texts.underWay : test.outcomes[call.outcome]}
            </Badge>
          </Row>
        )}
      </PagedList>
    </>
  );
}
