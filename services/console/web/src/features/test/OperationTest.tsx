import { useMutation, useQuery } from "@tanstack/react-query";
import { Button } from "@/components/Button";
import { Dialog, DialogActions } from "@/components/Dialog";
import { Loading } from "@/components/Loading";
import { Notice } from "@/components/Notice";
import { ProblemNotice } from "@/components/ProblemNotice";
import { usePageTexts } from "@/texts/page-texts";
import { ArgumentsForm } from "./ArgumentsForm";
import { Outcome } from "./Outcome";
import { invoke, toolOfOperationQuery } from "./tools";

interface Props {
  gptId: string;
  actionId: string;
  schemaId: string;
  /** Its name in the schema. */
  name: string;
  title: string;
  isConsequential: boolean;
  /** What it calls. */
  hosts: readonly string[];
  /** The text in the editor is another than what is saved, and called. */
  isUnsaved: boolean;
  onClose: () => void;
}

/** Call one operation of the saved draft, and see what came of it. */
export function OperationTest({ gptId, actionId, schemaId, name, title, isConsequential, hosts, isUnsaved, onClose }: Props) {
  const { test: texts, common } = usePageTexts();
  const tool = useQuery(toolOfOperationQuery(schemaId, name));
  const call = useMutation({
    mutationFn: (args: Record<string, unknown>) => invoke({ gptId, actionId, operation: name, args }),
  });
  return (
    <Dialog title={title} isOpen onClose={onClose} isWide>
      {isUnsaved && <Notice kind="note" title={texts.unsaved} />}
      {tool.isPending && <Loading rows={2} />}
      {tool.isError && <ProblemNotice error={tool.error} onRetry={() => void tool.refetch()} />}
      {tool.data === null && <Notice kind="warning" title={texts.notSaved} />}
      {tool.data != null && (
        <>
          {tool.data.description !== "" && <p>{tool.data.description}</p>}
          <ArgumentsForm
            schema={tool.data.inputSchema} isConsequential={isConsequential} isPending={call.isPending}
            onCall={(args) => call.mutate(args)}
          />
        </>
      )}
      <Outcome call={call} hosts={hosts} />
      <DialogActions><Button onPress={onClose}>{common.close}</Button></DialogActions>
    </Dialog>
  );
}
