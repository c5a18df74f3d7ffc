import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/components/Button";
import { Notice } from "@/components/Notice";
import { ProblemNotice } from "@/components/ProblemNotice";
import { Section } from "@/components/Section";
import { usePageTexts } from "@/texts/page-texts";
import { credentialQuery, setCredential } from "../action";
import { AuthDialog } from "./AuthDialog";
import { type AuthForm, type Credential, formOf } from "./auth-form";
import { type Suggestion, suggestionsOf } from "./security-schemes";
import { SetBy } from "./SetBy";
import { SignInTest } from "./SignInTest";

interface Open {
  suggestions: readonly Suggestion[];
  filledBy: string | null;
}

interface Props {
  actionId: string;
  /** Of the schema, whose security schemes fill in what is not set yet. */
  text: string;
}

/** How the action signs in to its API. What was entered is never shown again. */
export function AuthSection({ actionId, text }: Props) {
  const { auth: texts } = usePageTexts();
  const known = useQueryClient();
  const [open, setOpen] = useState<Open | null>(null);
  const [typed, setTyped] = useState<AuthForm | null>(null);
  const credential = useQuery(credentialQuery(actionId));
  const saved = credential.data;
  const leave = () => {
    setOpen(null);
    setTyped(null);
    save.reset();
  };
  const save = useMutation({
    mutationFn: (body: Parameters<typeof setCredential>[1]) => setCredential(actionId, body),
    onSuccess: (now) => {
      known.setQueryData(credentialQuery(actionId).queryKey, now);
      leave();
    },
  });
  const change = (form: AuthForm) => {
    setTyped(form);
    if (save.isError) save.reset(); // what was refused is no longer what is entered
  };
  const show = async () => {
    if (saved === undefined) return;
    const suggestions = await suggestionsIn(text);
    const first = isUnset(saved) && typed === null ? suggestions[0] : undefined;
    if (first !== undefined) setTyped({ ...formOf(saved), ...first.form });
    setOpen({ suggestions, filledBy: first?.name ?? null });
  };
  const edit = <Button onPress={() => void show()} isDisabled={saved === undefined}>{texts.edit}</Button>;
  return (
    <Section title={texts.title} tools={edit}>
      {credential.isError && (
        <ProblemNotice error={credential.error} onRetry={() => void credential.refetch()} />
      )}
      {saved !== undefined && <Shown credential={saved} />}
      {saved !== undefined && saved.type !== "none" && (
        <SignInTest key={saved.revision} actionId={actionId} credential={saved} />
      )}
      {saved !== undefined && open !== null && (
        <AuthDialog
          {...open} actionId={actionId} saved={saved} form={typed ?? formOf(saved)} onChange={change}
          onClose={() => setOpen(null)} onCancel={leave} onSave={(body) => save.mutate(body)}
          isPending={save.isPending} error={save.error}
        />
      )}
    </Section>
  );
}

/** Nobody has said yet how it signs in. */
function isUnset(saved: Credential): boolean {
  return saved.type === "none" && saved.revision === 0;
}

/** The grammar that reads a document comes with the schema's editor. */
async function suggestionsIn(text: string): Promise<readonly Suggestion[]> {
  try {
    const { schemesInText } = await import("../schema/code-editor");
    return suggestionsOf(schemesInText(text));
  } catch {
    return []; // the form is there without them
  }
}

function Shown({ credential }: { credential: Credential }) {
  const { auth: texts } = usePageTexts();
  const method = credential.type === "api_key" ? credential.placement ?? "none" : credential.type;
  const names = [...(credential.headers ?? []), ...(credential.query ?? [])];
  const client = credential.client == null ? [] : [texts.presets[credential.client.preset as keyof typeof texts.presets], credential.client.client_id];
  const isOwn = credential.type === "api_key" && credential.per_user === true;
  return (
    <>
      <p>{[texts.methods[method], ...(isOwn ? [texts.ofEachMember] : []), ...names, ...client].filter(Boolean).join(" · ")}</p>
      {credential.type !== "none" && <p><SetBy saved={credential} isShort /></p>}
      {credential.reason != null && (
        <Notice kind="warning" title={credential.reason.detail} hint={credential.reason.hint} />
      )}
      {credential.warnings?.map((warning) => (
        <Notice key={warning.code} kind="warning" title={warning.detail} hint={warning.hint} />
      ))}
    </>
  );
}
