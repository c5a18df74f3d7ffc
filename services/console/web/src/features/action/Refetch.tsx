import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, need } from "@/api/client";
import { Button } from "@/components/Button";
import { Dialog, DialogActions } from "@/components/Dialog";
import { Loading } from "@/components/Loading";
import { ProblemNotice } from "@/components/ProblemNotice";
import { usePageTexts } from "@/texts/page-texts";
import { Changes } from "./Changes";

interface Props {
  schemaId: string;
  url: string;
  isAccepting: boolean;
  error: unknown;
  onClose: () => void;
  /** Bind the action to the fetched version. */
  onAccept: (schemaId: string) => void;
}

/** What changed at the address that the schema came from: accept it, or keep what there is. */
export function Refetch({ schemaId, url, isAccepting, error, onClose, onAccept }: Props) {
  const { schema: texts, common } = usePageTexts();
  const { mutate, ...fetched } = useMutation({
    mutationFn: () =>
      need(api.POST("/v1/schemas/{schema_id}/refetch", { params: { path: { schema_id: schemaId } } })),
  });
  useEffect(() => mutate(), [mutate]);
  const isNew = fetched.data !== undefined && fetched.data.id !== schemaId;
  return (
    <Dialog title={texts.refetchTitle} isOpen onClose={onClose} isWide>
      <p><code>{url}</code></p>
      {(fetched.isPending || fetched.isIdle) && <Loading rows={1} />}
      {fetched.isError && <ProblemNotice error={fetched.error} onRetry={() => mutate()} />}
      {fetched.isSuccess && !isNew && <p>{texts.nothingNew}</p>}
      {isNew && <Changes changes={fetched.data.changes} />}
      {error !== null && <ProblemNotice error={error} />}
      <DialogActions>
        <Button onPress={onClose}>{isNew ? texts.keepMine : common.close}</Button>
        {isNew && (
          <Button kind="primary" isPending={isAccepting} onPress={() => onAccept(fetched.data.id)}>{texts.accept}</Button>
        )}
      </DialogActions>
    </Dialog>
  );
}
