import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Loading } from "@/components/Loading";
import { ProblemNotice } from "@/components/ProblemNotice";
import { Configure } from "./Configure";
import { gptQuery } from "./gpt";

const route = getRouteApi("/gpts/$gptId");

export function GptPage() {
  const { gptId } = route.useParams();
  const read = useQuery(gptQuery(gptId));
  if (read.isPending) return <Loading />;
  if (read.isError) return <ProblemNotice error={read.error} onRetry={() => void read.refetch()} />;
  return <Configure key={gptId} read={read.data} />;
}
