import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/components/Button";
import { Notice } from "@/components/Notice";
import { ProblemNotice } from "@/components/ProblemNotice";
import { Section } from "@/components/Section";
import { usePageTexts } from "@/texts/page-texts";
import { AuthDialog } from "./AuthDialog";
import { type Credential, credentialQuery, setCredential } from "./action";

/** How the action signs in to its API. What was entered is never shown again. */
export function AuthSection({ actionId }: { actionId: string }) {
  const { auth: texts } = usePageTexts();
  const known = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const credential = useQuery(credentialQuery(actionId));
  const save = useMutation({
    mutationFn: (body: Parameters<typeof setCredential>[1]) => setCredential(actionId, body),
    onSuccess: (saved) => {
      known.setQueryData(credentialQuery(actionId).queryKey, saved);
      setOpen(false);
    },
  });
  const edit = <Button onPress={() => setOpen(true)}>{texts.edit}</Button>;
  return (
    <Section title={texts.title} tools={edit}>
      {credential.isError && (
        <ProblemNotice error={credential.error} onRetry={() => void credential.refetch()} />
      )}
      {credential.data !== undefined && <Shown credential={credential.data} />}
      <AuthDialog
        isOpen={isOpen} onClose={() => setOpen(false)} onSave={(body) => save.mutate(body)}
        isPending={save.isPending} error={save.error}
      />
    </Section>
  );
}

function Shown({ credential }: { credential: Credential }) {
  const { auth: texts } = usePageTexts();
  const method = credential.type === "api_key" ? credential.placement ?? "none" : credential.type;
  const names = [...(credential.headers ?? []), ...(credential.query ?? [])];
  return (
    <>
      <p>{[texts.methods[method], ...names].join(" · ")}</p>
      {credential.reason != null && (
        <Notice kind="warning" title={credential.reason.detail} hint={credential.reason.hint} />
      )}
      {credential.warnings?.map((warning) => (
        <Notice key={warning.code} kind="warning" title={warning.detail} hint={warning.hint} />
      ))}
    </>
  );
}
