import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Form } from "react-aria-components";
import { api, need } from "@/api/client";
import { Button } from "@/components/Button";
import { Dialog, DialogActions } from "@/components/Dialog";
import { ProblemNotice } from "@/components/ProblemNotice";
import { TextField } from "@/components/TextField";
import { usePageTexts } from "@/texts/page-texts";
import { readDocument } from "./action";
import { format } from "./schema/examined";

interface Props {
  previousId: string | undefined;
  onClose: () => void;
  /** The document's text, and where it is from. */
  onImport: (text: string, url: string) => void;
}

/** The platform fetches the document, by the rules that calls go by; its text goes to the editor. */
export function ImportFromUrl({ previousId, onClose, onImport }: Props) {
  const { schema: texts, common } = usePageTexts();
  const [url, setUrl] = useState("");
  const fetching = useMutation({
    mutationFn: async () => {
      const body = { url: url.trim(), ...(previousId !== undefined && { previous_id: previousId }) };
      const stored = await need(api.POST("/v1/schemas", { body: body as never }));
      const text = await readDocument(stored.id);
      return isOneLine(text) ? format(text).catch(() => text) : text;
    },
    onSuccess: (text) => onImport(text, url.trim()),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    fetching.mutate();
  };
  return (
    <Dialog title={texts.importFromUrl} isOpen onClose={onClose}>
      <Form onSubmit={submit}>
        <TextField
          label={texts.url} hint={texts.urlHint} value={url} onChange={setUrl} type="url" isRequired autoFocus
          maxLength={2048} placeholder="https://api.example.org/openapi.json"
        />
        {fetching.isError && <ProblemNotice error={fetching.error} />}
        <DialogActions>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button kind="primary" type="submit" isPending={fetching.isPending} isDisabled={url.trim() === ""}>
            {texts.import}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}

/** JSON as a program writes it; nobody reads that in an editor. */
function isOneLine(text: string): boolean {
  const written = text.trim();
  return written.startsWith("{") && !written.includes("\n");
}
