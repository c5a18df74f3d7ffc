import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { api, need } from "@/api/client";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { ConfirmByName } from "@/components/ConfirmByName";
import { EmptyState } from "@/components/EmptyState";
import { LinkButton } from "@/components/LinkButton";
import { PagedList } from "@/components/PagedList";
import { PageHead } from "@/components/PageHead";
import { Row } from "@/components/Row";
import { SearchField } from "@/components/SearchField";
import { type GptSummary, gptsQuery } from "@/features/start/gpts";
import { usePageTexts } from "@/texts/page-texts";
import { memberNamesQuery } from "./names";

const route = getRouteApi("/admin/gpts");

/** Every GPT of the workspace, whoever's it is. */
export function Gpts() {
  const { gpts: texts, adminGpts, common } = usePageTexts();
  const known = useQueryClient();
  const { q = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const [removing, setRemoving] = useState<GptSummary | null>(null);
  const gpts = useInfiniteQuery(gptsQuery(q));
  const names = useQuery(memberNamesQuery);
  const remove = useMutation({
    mutationFn: (id: string) => need(api.DELETE("/v1/gpts/{gpt_id}", { params: { path: { gpt_id: id } } })),
    onSuccess: () => {
      setRemoving(null);
      return known.invalidateQueries({ queryKey: ["gpts"] });
    },
  });
  return (
    <>
      <PageHead title={adminGpts.title} />
      <SearchField
        label={texts.searchLabel} value={q}
        onChange={(text) => void navigate({ search: text === "" ? {} : { q: text }, replace: true })}
      />
      <PagedList
        pages={gpts} keyOf={(gpt) => gpt.id}
        empty={<EmptyState title={q === "" ? texts.none : texts.noneFound(q)} hint={q === "" ? texts.noneHint : undefined} />}
      >
        {(gpt) => (
          <Row
            title={gpt.name}
            detail={[gpt.owner === null ? null : adminGpts.owner(names.data?.get(gpt.owner) ?? gpt.owner), texts.actions(gpt.action_count), ...(gpt.hosts ?? [])].filter(Boolean).join(" · ")}
          >
            <Badge>{texts.shared[gpt.sharing] ?? gpt.sharing}</Badge>
            {gpt.published_version === null
              ? <Badge kind="warning">{texts.draft}</Badge>
              : <Badge kind="success">{texts.published(gpt.published_version)}</Badge>}
            <LinkButton kind="quiet" href={`/gpts/${gpt.id}`} aria-label={adminGpts.openGpt(gpt.name)}>{adminGpts.open}</LinkButton>
            <LinkButton kind="quiet" href={`/admin/audit?gpt_id=${gpt.id}`} aria-label={adminGpts.callsOf(gpt.name)}>{adminGpts.calls}</LinkButton>
            <Button kind="quiet" onPress={() => setRemoving(gpt)} aria-label={adminGpts.removeGpt(gpt.name)}>{common.remove}</Button>
          </Row>
        )}
      </PagedList>
      <ConfirmByName
        title={adminGpts.removeTitle} hint={adminGpts.removeHint} name={removing?.name ?? ""} isOpen={removing !== null}
        isPending={remove.isPending} error={remove.error} onClose={() => setRemoving(null)}
        onConfirm={() => { if (removing !== null) remove.mutate(removing.id); }}
      />
    </>
  );
}
