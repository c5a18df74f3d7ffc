import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { api, need } from "@/api/client";
import { pagesOf } from "@/api/pages";
import { Badge } from "@/components/Badge";
import { EmptyState } from "@/components/EmptyState";
import { PagedList } from "@/components/PagedList";
import { PageHead } from "@/components/PageHead";
import { Row } from "@/components/Row";
import { Select } from "@/components/Select";
import { TextField } from "@/components/TextField";
import { Time } from "@/components/Time";
import { useTexts } from "@/texts/use-texts";
import styles from "./AdminLayout.module.css";
import { type AuditFilters, auditFilters, OUTCOMES } from "./audit-filters";

const KINDS = { succeeded: "success", failed: "danger", refused: "danger", unknown: "warning" } as const;
const route = getRouteApi("/admin/audit");

const callsQuery = (filters: AuditFilters) =>
  pagesOf(["calls", filters], (asked, signal) =>
    need(api.GET("/v1/invocations", { params: { query: { ...asked, ...filters } }, signal })));

/** Every call: who, what, where, and how it ended. */
export function Audit() {
  const { audit: texts, test } = useTexts();
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const calls = useInfiniteQuery(callsQuery(filters));
  const filter = (change: { outcome?: string; host?: string }) =>
    void navigate({ search: auditFilters({ ...filters, ...change }), replace: true });
  return (
    <>
      <PageHead title={texts.title} />
      <div className={styles.line}>
        <TextField label={texts.host} value={filters.host ?? ""} onChange={(host) => filter({ host })} placeholder="api.example.org" />
        <Select
          label={texts.outcome} value={filters.outcome ?? ""}
          options={[["", texts.all], ...OUTCOMES.map((one) => [one, test.outcomes[one]] as const)]}
          onChange={(outcome) => filter({ outcome })}
        />
      </div>
      <PagedList pages={calls} keyOf={(call) => call.id} empty={<EmptyState title={texts.none} hint={texts.noneHint} />}>
        {(call) => (
          <Row
            title={call.operation}
            detail={<>{[call.method?.toUpperCase(), call.host].filter(Boolean).join(" ")} · <Time at={call.at} /></>}
          >
            {call.code !== "" && <Badge>{call.code}</Badge>}
            {call.status !== null && <Badge>{`HTTP ${call.status}`}</Badge>}
            <Badge kind={call.outcome === null ? "plain" : KINDS[call.outcome]}>
              {call.outcome === null ? texts.underWay : test.outcomes[call.outcome]}
            </Badge>
          </Row>
        )}
      </PagedList>
    </>
  );
}
