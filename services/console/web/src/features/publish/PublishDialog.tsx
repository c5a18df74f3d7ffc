import { useMutation, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, need } from "@/api/client";
import { Button } from "@/components/Button";
import { Choice } from "@/components/Choice";
import { Dialog, DialogActions } from "@/components/Dialog";
import { ProblemNotice } from "@/components/ProblemNotice";
import { credentialQuery } from "@/features/action/action";
import { domainsQuery } from "@/features/admin/domains-query";
import { type Gpt, gptQuery } from "@/features/gpt/gpt";
import { usePageTexts } from "@/texts/page-texts";
import { Checklist } from "./Checklist";
import { checklistOf, type Sharing } from "./checklist";
import { UseItDialog } from "./UseItDialog";

interface Props {
  gpt: Gpt;
  isOpen: boolean;
  onClose: () => void;
  onUnpublish: () => void;
}

/** Who may use it, whether it is complete, and afterwards how it is called. */
export function PublishDialog({ gpt, isOpen, onClose, onUnpublish }: Props) {
  const { publish: texts, common } = usePageTexts();
  const known = useQueryClient();
  const [sharing, setSharing] = useState<Sharing>(gpt.sharing);
  const domains = useQuery({ ...domainsQuery, enabled: isOpen });
  const usable = useQueries({
    queries: gpt.actions.map((action) => ({ ...credentialQuery(action.id), enabled: isOpen })),
    combine: (all) => new Map(gpt.actions.map((action, place) => [action.id, all[place]?.data?.usable ?? false])),
  });
  const publish = useMutation({
    mutationFn: () =>
      need(api.POST("/v1/gpts/{gpt_id}/publish", { params: { path: { gpt_id: gpt.id } }, body: { sharing } })),
    onSuccess: () => {
      void known.invalidateQueries({ queryKey: gptQuery(gpt.id).queryKey });
      void known.invalidateQueries({ queryKey: ["gpts"] });
    },
  });
  const rules = domains.data === undefined ? [] : checklistOf({ gpt, sharing, domains: domains.data, usable });
  if (publish.isSuccess) {
    return (
      <UseItDialog gpt={gpt} title={texts.done(publish.data.version)} onClose={onClose} onUnpublish={onUnpublish} />
    );
  }
  return (
    <Dialog title={texts.title} isOpen={isOpen} onClose={onClose}>
      <Choice label={texts.sharing} value={sharing} options={texts.sharings} onChange={setSharing} />
      <Checklist gptId={gpt.id} rules={rules} />
      {publish.isError && <ProblemNotice error={publish.error} />}
      <DialogActions>
        <Button onPress={onClose}>{common.cancel}</Button>
        <Button
          kind="primary" isPending={publish.isPending} isDisabled={rules.some((rule) => !rule.passed)}
          onPress={() => publish.mutate()}
        >
          {gpt.changed_since_publishing ? texts.publishChanges : texts.publish}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
