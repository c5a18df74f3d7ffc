import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Loading } from "@/components/Loading";
import { ProblemNotice } from "@/components/ProblemNotice";
import { ActionEditor } from "./ActionEditor";
import { actionQuery, documentQuery } from "./action";

const route = getRouteApi("/gpts/$gptId/actions/$actionId");

export function ActionPage() {
  const ids = route.useParams();
  const action = useQuery(actionQuery(ids));
  const schemaId = action.data?.schema_id ?? "";
  const document = useQuery({ ...documentQuery(schemaId), enabled: schemaId !== "" });
  const failed = [action, document].find((read) => read.isError);
  if (failed !== undefined) {
    return <ProblemNotice error={failed.error} onRetry={() => void failed.refetch()} />;
  }
  if (action.data === undefined || document.data === undefined) return <Loading />;
  return <ActionEditor key={schemaId} ids={ids} action={action.data} stored={document.data} />;
}
