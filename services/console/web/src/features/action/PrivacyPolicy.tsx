import { type FormEvent, useState } from "react";
import { Form } from "react-aria-components";
import { Button } from "@/components/Button";
import { ProblemNotice } from "@/components/ProblemNotice";
import { Section } from "@/components/Section";
import { TextField } from "@/components/TextField";
import { usePageTexts } from "@/texts/page-texts";
import type { useEditAction } from "./action";

interface Props {
  url: string | null;
  edit: ReturnType<typeof useEditAction>;
}

/** Required before the GPT is shared beyond the workspace. */
export function PrivacyPolicy({ url, edit }: Props) {
  const { schema: texts, common } = usePageTexts();
  const [typed, setTyped] = useState(url ?? "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    edit.mutate({ privacy_policy_url: typed.trim() === "" ? null : typed.trim() });
  };
  return (
    <Section title={texts.privacyPolicy}>
      <Form onSubmit={submit}>
        <TextField
          label={texts.privacyPolicyUrl} hint={texts.privacyPolicyHint} value={typed} type="url"
          maxLength={2048} placeholder="https://api.example.org/privacy" onChange={setTyped}
        />
        {edit.isError && <ProblemNotice error={edit.error} />}
        {typed.trim() !== (url ?? "") && (
          <Button type="submit" isPending={edit.isPending}>{common.save}</Button>
        )}
      </Form>
    </Section>
  );
}
