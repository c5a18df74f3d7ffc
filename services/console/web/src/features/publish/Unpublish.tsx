import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, need } from "@/api/client";
import { Confirm } from "@/components/Confirm";
import { gptQuery } from "@/features/gpt/gpt";
import { usePageTexts } from "@/texts/page-texts";

/** Asks, then nobody can call the GPT any more; the draft and all versions stay. */
export function Unpublish({ gptId, onClose }: { gptId: string; onClose: () => void }) {
  const { publish: texts } = usePageTexts();
  const known = useQueryClient();
  const unpublish = useMutation({
    mutationFn: () => need(api.POST("/v1/gpts/{gpt_id}/unpublish", { params: { path: { gpt_id: gptId } } })),
    onSuccess: () => {
      void known.invalidateQueries({ queryKey: gptQuery(gptId).queryKey });
      void known.invalidateQueries({ queryKey: ["gpts"] });
      onClose();
    },
  });
  return (
    <Confirm
      title={texts.unpublishTitle} hint={texts.unpublishHint} action={texts.unpublish} isPending={unpublish.isPending}
      error={unpublish.error} onClose={onClose} onConfirm={() => unpublish.mutate()}
    />
  );
}
