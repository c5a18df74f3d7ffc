import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Form } from "react-aria-components";
import { api, need } from "@/api/client";
import { Button } from "@/components/Button";
import { Dialog, DialogActions } from "@/components/Dialog";
import { ProblemNotice } from "@/components/ProblemNotice";
import { TextField } from "@/components/TextField";
import { useTexts } from "@/texts/use-texts";

/** The platform fetches the document, by the rules that calls go by; its text goes to the editor. */
export function ImportFromUrl({ onText }: { onText: (text: string) => void }) {
  const { schema: texts, common } = useTexts();
  const [isOpen, setOpen] = useState(false);
  const [url, setUrl] = useState("");
  const fetching = useMutation({
    mutationFn: () => need(api.POST("/v1/schemas/format", { body: { url: url.trim() } as never })),
    onSuccess: (formatted) => {
      onText((formatted as { text: string }).text);
      setOpen(false);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    fetching.mutate();
  };
  return (
    <>
      <Button kind="quiet" onPress={() => setOpen(true)}>{texts.importFromUrl}</Button>
      <Dialog title={texts.importFromUrl} isOpen={isOpen} onClose={() => setOpen(false)}>
        <Form onSubmit={submit}>
          <TextField
            label={texts.url} value={url} onChange={setUrl} type="url" isRequired autoFocus maxLength={2048}
            placeholder="https://api.example.org/openapi.json"
          />
          {fetching.isError && <ProblemNotice error={fetching.error} />}
          <DialogActions>
            <Button onPress={() => setOpen(false)}>{common.cancel}</Button>
            <Button kind="primary" type="submit" isPending={fetching.isPending}>{texts.import}</Button>
          </DialogActions>
        </Form>
      </Dialog>
    </>
  );
}
