import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { api, need } from "@/api/client";
import { CopyBlock } from "@/components/CopyBlock";
import fieldStyles from "@/components/Field.module.css";
import { ProblemNotice } from "@/components/ProblemNotice";
import { usePageTexts } from "@/texts/page-texts";

/** The redirect URI that the service must know, there before anything is saved. */
export function Callback({ actionId }: { actionId: string }) {
  const { auth: texts } = usePageTexts();
  const id = useId();
  const callback = useQuery({
    queryKey: ["credential", actionId, "callback"],
    queryFn: ({ signal }) =>
      need(api.GET("/v1/credentials/{action_id}/callback", { params: { path: { action_id: actionId } }, signal })),
    staleTime: Infinity,
  });
  if (callback.isError) return <ProblemNotice error={callback.error} onRetry={() => void callback.refetch()} />;
  if (callback.data === undefined) return null;
  return (
    <div className={fieldStyles.field} role="group" aria-labelledby={id}>
      <span id={id} className={fieldStyles.label}>{texts.callback}</span>
      <CopyBlock text={callback.data.callback_url} />
      <span className={fieldStyles.hint}>{texts.callbackHint}</span>
    </div>
  );
}
