import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Form } from "react-aria-components";
import { Problem } from "@/api/problem";
import { signInWithToken } from "@/api/session";
import { Button } from "@/components/Button";
import { Notice } from "@/components/Notice";
import { ProblemNotice } from "@/components/ProblemNotice";
import { TextField } from "@/components/TextField";
import { useTexts } from "@/texts/use-texts";
import styles from "./TokenForm.module.css";

/** Sign in with an API token; it goes to the platform once and is kept nowhere. */
export function TokenForm() {
  const { signIn: texts, session } = useTexts();
  const [token, setToken] = useState("");
  const signIn = useMutation({ mutationFn: () => signInWithToken(token.trim()) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <Form onSubmit={submit} className={styles.form!}>
      <TextField
        label={texts.token} hint={texts.tokenHint} value={token} onChange={setToken} type="password"
        autoComplete="off" maxLength={200} placeholder="oat_…"
      />
      {signIn.isError && (isRefused(signIn.error)
        ? <Notice kind="error" title={texts.refused} hint={texts.refusedHint} />
        : <ProblemNotice error={signIn.error} />)}
      <Button kind="primary" type="submit" isPending={signIn.isPending} isDisabled={token.trim() === ""}>
        {session.signIn}
      </Button>
    </Form>
  );
}

function isRefused(error: unknown): boolean {
  return error instanceof Problem && error.status === 401;
}
