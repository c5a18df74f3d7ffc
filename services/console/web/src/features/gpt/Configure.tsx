import { useState } from "react";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { PageHead } from "@/components/PageHead";
import { ProblemNotice } from "@/components/ProblemNotice";
import { TextField } from "@/components/TextField";
import { PublishDialog } from "@/features/publish/PublishDialog";
import { Unpublish } from "@/features/publish/Unpublish";
import { UseItDialog } from "@/features/publish/UseItDialog";
import { TestPane } from "@/features/test/TestPane";
import { usePageTexts } from "@/texts/page-texts";
import { Actions } from "./Actions";
import styles from "./Configure.module.css";
import { Conflicts } from "./Conflicts";
import { LIMITS } from "./draft";
import { hostsOf, type Read } from "./gpt";
import { SavedMark } from "./SavedMark";
import { Starters } from "./Starters";
import { UndoRedo } from "./UndoRedo";
import { useDraft } from "./use-draft";

/** What the GPT is and may do. Everything is saved as it is typed. */
export function Configure({ read }: { read: Read }) {
  const { gpt: texts, gpts, publish } = usePageTexts();
  const [view, draft] = useDraft(read);
  const [open, setOpen] = useState<"publish" | "use" | "unpublish" | null>(null);
  const { fields } = view;
  const close = () => setOpen(null);
  const unpublish = () => setOpen("unpublish");
  const nameMissing = fields.name.trim() === "" ? texts.nameMissing : undefined;
  return (
    <>
      <PageHead title={fields.name.trim() === "" ? texts.unnamed : fields.name}>
        <SavedMark saving={view.saving} />
        {read.gpt.published_version === null
          ? <Badge kind="warning">{texts.draft}</Badge>
          : <Badge kind="success">{texts.published(read.gpt.published_version)}</Badge>}
        {read.gpt.changed_since_publishing && <Badge kind="warning">{gpts.unpublishedChanges}</Badge>}
        {read.gpt.published_version !== null && <Button onPress={() => setOpen("use")}>{publish.useItNow}</Button>}
        <UndoRedo view={view} draft={draft} />
        <Button kind="primary" onPress={() => setOpen("publish")} isDisabled={view.saving !== "saved"}>
          {read.gpt.changed_since_publishing ? publish.publishChanges : texts.publish}
        </Button>
      </PageHead>
      {open === "publish" && <PublishDialog gpt={read.gpt} isOpen onClose={close} onUnpublish={unpublish} />}
      {open === "use" && <UseItDialog gpt={read.gpt} title={publish.useItNow} onClose={close} onUnpublish={unpublish} />}
      {open === "unpublish" && <Unpublish gptId={read.gpt.id} onClose={close} />}
      {view.saving === "failed" && <ProblemNotice error={view.error} onRetry={() => draft.retry()} />}
      <Conflicts view={view} onDecide={(field, side) => draft.decide(field, side)} />
      <div className={styles.columns}>
        <section className={styles.form} aria-label={texts.configure}>
          <TextField
            label={texts.name} value={fields.name} maxLength={LIMITS.name} error={nameMissing}
            placeholder={texts.namePlaceholder} onChange={(name) => draft.change({ name })}
          />
          <TextField
            label={texts.description} value={fields.description} maxLength={LIMITS.description}
            placeholder={texts.descriptionPlaceholder}
            onChange={(description) => draft.change({ description })}
          />
          <TextField
            label={texts.instructions} value={fields.instructions} maxLength={LIMITS.instructions}
            placeholder={texts.instructionsPlaceholder} multiline
            onChange={(instructions) => draft.change({ instructions })}
          />
          <Starters starters={fields.starters} onChange={(starters) => draft.change({ starters })} />
        </section>
        <div className={styles.form}>
          <Actions gpt={read.gpt} />
          {read.gpt.actions.length > 0 && <div className={styles.actions}><TestPane gptId={read.gpt.id} hosts={hostsOf(read.gpt)} /></div>}
        </div>
      </div>
    </>
  );
}
