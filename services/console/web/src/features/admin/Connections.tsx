import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import {
  CONNECTIONS, connectedActionsQuery, connectedMembersQuery, endConnection, type MemberConnection,
} from "@/api/connections";
import { shownHost } from "@/api/host";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { Confirm } from "@/components/Confirm";
import { EmptyState } from "@/components/EmptyState";
import { LinkButton } from "@/components/LinkButton";
import { PagedList } from "@/components/PagedList";
import { PageHead } from "@/components/PageHead";
import { Row } from "@/components/Row";
import { ConnectionRow } from "@/features/connections/ConnectionRow";
import { usePageTexts } from "@/texts/page-texts";
import { memberNamesQuery } from "./names";

const route = getRouteApi("/admin/connections");

/** How many are connected to which service, and to one of them who. */
export function Connections() {
  const { action } = route.useSearch();
  return action === undefined ? <ByAction /> : <OfAction key={action} actionId={action} />;
}

function ByAction() {
  const { adminConnections: texts } = usePageTexts();
  const actions = useInfiniteQuery(connectedActionsQuery);
  return (
    <>
      <PageHead title={texts.title} />
      <p>{texts.lead}</p>
      <PagedList
        pages={actions} keyOf={(one) => one.action_id}
        empty={actions.hasNextPage ? null : <EmptyState title={texts.none} hint={texts.noneHint} />}
      >
        {(one) => (
          <Row title={shownHost(one.service)} detail={texts.linked(one.linked)}>
            {one.sign_in_again > 0 && <Badge kind="warning">{texts.signInAgain(one.sign_in_again)}</Badge>}
            {one.lost > 0 && <Badge kind="danger">{texts.lost(one.lost)}</Badge>}
            <LinkButton
              kind="quiet" href={`/admin/connections?action=${one.action_id}`} aria-label={texts.showOf(shownHost(one.service))}
            >
              {texts.show}
            </LinkButton>
          </Row>
        )}
      </PagedList>
    </>
  );
}

function OfAction({ actionId }: { actionId: string }) {
  const { adminConnections: texts } = usePageTexts();
  const known = useQueryClient();
  const members = useInfiniteQuery(connectedMembersQuery(actionId));
  const names = useQuery(memberNamesQuery);
  const [revoking, setRevoking] = useState<MemberConnection | null>(null);
  const nameOf = (one: MemberConnection) => names.data?.get(one.member_id) ?? one.member_id;
  const revoke = useMutation({
    mutationFn: (id: string) => endConnection(id),
    onSuccess: () => {
      setRevoking(null);
      return known.invalidateQueries({ queryKey: CONNECTIONS });
    },
  });
  const service = members.data?.pages[0]?.items[0]?.service;
  return (
    <>
      <PageHead title={service === undefined ? texts.title : texts.membersOf(shownHost(service))}>
        <LinkButton kind="quiet" href="/admin/connections">{texts.all}</LinkButton>
      </PageHead>
      <PagedList pages={members} keyOf={(one) => one.id} empty={<EmptyState title={texts.noMembers} />}>
        {(one) => (
          <ConnectionRow connection={one} memberName={nameOf(one)}>
            {one.state !== "revoked" && (
              <Button
                kind="quiet" aria-label={texts.revokeOf(nameOf(one), shownHost(one.service))} onPress={() => setRevoking(one)}
              >
                {texts.revoke}
              </Button>
            )}
          </ConnectionRow>
        )}
      </PagedList>
      {revoking !== null && (
        <Confirm
          title={texts.revokeTitle(nameOf(revoking), shownHost(revoking.service))} hint={texts.revokeHint(nameOf(revoking))}
          action={texts.revoke} isPending={revoke.isPending} error={revoke.error}
          onClose={() => {
            setRevoking(null);
            revoke.reset();
          }}
          onConfirm={() => revoke.mutate(revoking.id)}
        />
      )}
    </>
  );
}
