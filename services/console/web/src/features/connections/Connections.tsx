import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import {
  type Connection, CONNECTIONS, endConnection, myConnectionsQuery, startConnection,
} from "@/api/connections";
import { shownHost } from "@/api/host";
import { Button } from "@/components/Button";
import { Confirm } from "@/components/Confirm";
import { EmptyState } from "@/components/EmptyState";
import { Notice } from "@/components/Notice";
import { PagedList } from "@/components/PagedList";
import { PageHead } from "@/components/PageHead";
import { ProblemNotice } from "@/components/ProblemNotice";
import { usePageTexts } from "@/texts/page-texts";
import { ConnectionRow } from "./ConnectionRow";
import { OwnKeyDialog } from "./OwnKeyDialog";

const route = getRouteApi("/connections");

/** One's own accounts and keys: at which service, since when, and in which state. */
export function Connections() {
  const { connections: texts } = usePageTexts();
  const known = useQueryClient();
  const { key } = route.useSearch();
  const navigate = route.useNavigate();
  const connections = useInfiniteQuery(myConnectionsQuery);
  const [leaving, setLeaving] = useState<Connection | null>(null);
  const [savedAt, setSavedAt] = useState<string | null>(null);
  const refresh = () => known.invalidateQueries({ queryKey: CONNECTIONS });
  const askForKey = (actionId: string | null) =>
    void navigate({ search: actionId === null ? {} : { key: actionId }, replace: true });
  const start = useMutation({
    mutationFn: (actionId: string) => startConnection(actionId, "/connections"),
    onSuccess: (url) => location.assign(url),
  });
  const end = useMutation({
    mutationFn: (id: string) => endConnection(id),
    onSuccess: () => {
      setLeaving(null);
      return refresh();
    },
  });
  return (
    <>
      <PageHead title={texts.title} />
      <p>{texts.lead}</p>
      {start.isError && <ProblemNotice error={start.error} />}
      {savedAt !== null && <Notice kind="success" title={texts.keySaved(shownHost(savedAt))} />}
      <PagedList
        pages={connections} keyOf={(one) => one.id}
        empty={<EmptyState title={texts.none} hint={texts.noneHint} />}
      >
        {(one) => (
          <ConnectionRow connection={one}>
            {one.kind === "key" ? (
              <Button aria-label={texts.changeKeyOf(shownHost(one.service))} onPress={() => askForKey(one.action_id)}>
                {texts.changeKey}
              </Button>
            ) : one.state !== "linked" && (
              <Button
                kind="primary" aria-label={texts.logInTo(shownHost(one.service))}
                isPending={start.isPending && start.variables === one.action_id} onPress={() => start.mutate(one.action_id)}
              >
                {texts.logIn}
              </Button>
            )}
            {one.state !== "revoked" && (
              <Button
                kind="quiet" onPress={() => setLeaving(one)}
                aria-label={(one.kind === "key" ? texts.removeKeyOf : texts.logOutOf)(shownHost(one.service))}
              >
                {one.kind === "key" ? texts.removeKey : texts.logOut}
              </Button>
            )}
          </ConnectionRow>
        )}
      </PagedList>
      {leaving !== null && (
        <Confirm
          title={(leaving.kind === "key" ? texts.removeKeyTitle : texts.logOutTitle)(shownHost(leaving.service))}
          hint={leaving.kind === "key" ? texts.removeKeyHint : texts.logOutHint}
          action={leaving.kind === "key" ? texts.removeKey : texts.logOut}
          isPending={end.isPending} error={end.error}
          onClose={() => {
            setLeaving(null);
            end.reset();
          }}
          onConfirm={() => end.mutate(leaving.id)}
        />
      )}
      {key !== undefined && (
        <OwnKeyDialog
          actionId={key} onClose={() => askForKey(null)}
          onSaved={(service) => {
            setSavedAt(service);
            askForKey(null);
            void refresh();
          }}
        />
      )}
    </>
  );
}
