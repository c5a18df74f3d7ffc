import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { api, need } from "@/api/client";
import type { components } from "@/api/generated";
import { pagesOf } from "@/api/pages";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { ConfirmByName } from "@/components/ConfirmByName";
import { EmptyState } from "@/components/EmptyState";
import { PagedList } from "@/components/PagedList";
import { PageHead } from "@/components/PageHead";
import { ProblemNotice } from "@/components/ProblemNotice";
import { Row } from "@/components/Row";
import { SearchField } from "@/components/SearchField";
import { Select } from "@/components/Select";
import { usePageTexts } from "@/texts/page-texts";
import styles from "./AdminLayout.module.css";
import { Invitations } from "./Invitations";
import { type MemberFilters, memberFilters } from "./list-filters";
import { ROLES } from "./roles";

type Member = components["schemas"]["MemberView"];
type Role = components["schemas"]["Role"];
const KEY = ["members"];

const route = getRouteApi("/admin/members");

const membersQuery = (filters: MemberFilters) =>
  pagesOf([...KEY, filters], (asked, signal) =>
    need(api.GET("/v1/members", { params: { query: { ...asked, ...filters } }, signal })));

/** Who belongs to the workspace, in which role, and who was invited. */
export function Members() {
  const { members: texts } = usePageTexts();
  const known = useQueryClient();
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const [leaving, setLeaving] = useState<Member | null>(null);
  const members = useInfiniteQuery(membersQuery(filters));
  const filter = (change: Record<string, unknown>) =>
    void navigate({ search: memberFilters({ ...filters, ...change }), replace: true });
  const refresh = () => known.invalidateQueries({ queryKey: KEY });
  const change = useMutation({
    mutationFn: ({ id, role }: { id: string; role: Role }) =>
      need(api.PATCH("/v1/members/{member_id}", {
        params: { path: { member_id: id } }, body: { role } as never,
      })),
    onSettled: refresh,
  });
  const remove = useMutation({
    mutationFn: (id: string) => need(api.DELETE("/v1/members/{member_id}", { params: { path: { member_id: id } } })),
    onSuccess: () => {
      setLeaving(null);
      return refresh();
    },
  });
  return (
    <>
      <PageHead title={texts.title} />
      <div className={styles.line}>
        <SearchField label={texts.search} value={filters.q ?? ""} onChange={(q) => filter({ q })} />
        <Select
          label={texts.role} isLabelHidden value={filters.role ?? ""}
          options={[["", texts.allRoles], ...ROLES.map((role) => [role, texts.roles[role]] as const)]}
          onChange={(role) => filter({ role })}
        />
      </div>
      {change.isError && <ProblemNotice error={change.error} />}
      <PagedList pages={members} keyOf={(member) => member.id} empty={<EmptyState title={texts.noneFound} />}>
        {(member) => (
          <Row title={member.name} detail={member.email ?? texts.kinds[member.kind]}>
            {!member.active && <Badge kind="warning">{texts.off}</Badge>}
            <Select
              label={texts.roleOf(member.name)} isLabelHidden value={member.role}
              options={ROLES.map((role) => [role, texts.roleAndWhat(role)])}
              onChange={(role) => change.mutate({ id: member.id, role })}
            />
            <Button kind="quiet" aria-label={texts.removeMember(member.name)} onPress={() => setLeaving(member)}>
              {texts.remove}
            </Button>
          </Row>
        )}
      </PagedList>
      <Invitations />
      <ConfirmByName
        title={texts.removeTitle} hint={texts.removeHint} name={leaving?.name ?? ""} isOpen={leaving !== null}
        action={texts.remove} isPending={remove.isPending} error={remove.error} onClose={() => setLeaving(null)}
        onConfirm={() => { if (leaving !== null) remove.mutate(leaving.id); }}
      />
    </>
  );
}
