import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, need } from "@/api/client";
import { pagesOf } from "@/api/pages";
import { signedOut } from "@/api/session";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { PagedList } from "@/components/PagedList";
import { PageHead } from "@/components/PageHead";
import { ProblemNotice } from "@/components/ProblemNotice";
import { Row } from "@/components/Row";
import { Time } from "@/components/Time";
import { usePageTexts } from "@/texts/page-texts";

const KEY = ["sessions"];
const sessionsQuery = pagesOf(KEY, (asked, signal) =>
  need(api.GET("/v1/session/all", { params: { query: asked }, signal })));

/** One's own sessions, and signing out elsewhere. */
export function Account() {
  const { account: texts } = usePageTexts();
  const known = useQueryClient();
  const sessions = useInfiniteQuery(sessionsQuery);
  const end = useMutation({
    mutationFn: (id: string) =>
      need(api.DELETE("/v1/session/all/{session_id}", { params: { path: { session_id: id } } })),
    onSettled: () => known.invalidateQueries({ queryKey: KEY }),
  });
  const endAll = useMutation({
    mutationFn: () => need(api.DELETE("/v1/session/all")),
    onSuccess: signedOut,
  });
  const failed = [end, endAll].find((change) => change.isError);
  return (
    <>
      <PageHead title={texts.title}>
        <Button onPress={() => endAll.mutate()} isPending={endAll.isPending}>{texts.everywhere}</Button>
      </PageHead>
      {failed !== undefined && <ProblemNotice error={failed.error} />}
      <PagedList pages={sessions} keyOf={(one) => one.id} empty={null}>
        {(session) => (
          <Row title={session.browser} detail={<>{texts.used} <Time at={session.last_used_at} /></>}>
            {session.current
              ? <Badge kind="accent">{texts.current}</Badge>
              : <Button kind="quiet" onPress={() => end.mutate(session.id)}>{texts.signOutThere}</Button>}
          </Row>
        )}
      </PagedList>
    </>
  );
}
