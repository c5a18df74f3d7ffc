import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Form } from "react-aria-components";
import { api, need } from "@/api/client";
import { Button } from "@/components/Button";
import { Dialog, DialogActions } from "@/components/Dialog";
import { ProblemNotice } from "@/components/ProblemNotice";
import { TextField } from "@/components/TextField";
import { useTexts } from "@/texts/use-texts";

interface Props {
  isOpen: boolean;
  onClose: () => void;
}

export function NewGpt({ isOpen, onClose }: Props) {
  const { gpts: texts, common } = useTexts();
  const known = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const make = useMutation({
    mutationFn: (body: { name: string }) => need(api.POST("/v1/gpts", { body })),
    onSuccess: async (gpt) => {
      void known.invalidateQueries({ queryKey: ["gpts"] });
      setName("");
      onClose();
      await navigate({ to: "/gpts/$gptId", params: { gptId: gpt.id } });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate({ name: name.trim() });
  };
  return (
    <Dialog title={texts.makeTitle} isOpen={isOpen} onClose={onClose}>
      <Form onSubmit={submit}>
        <TextField
          label={texts.makeName} hint={texts.makeNameHint} value={name} onChange={setName}
          maxLength={50} isRequired autoFocus
        />
        {make.isError && <ProblemNotice error={make.error} />}
        <DialogActions>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button kind="primary" type="submit" isPending={make.isPending} isDisabled={name.trim() === ""}>
            {texts.makeIt}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
