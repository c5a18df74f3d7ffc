import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Form } from "react-aria-components";
import { Problem } from "@/api/problem";
import { Button } from "@/components/Button";
import { Notice } from "@/components/Notice";
import { PageHead } from "@/components/PageHead";
import { ProblemNotice } from "@/components/ProblemNotice";
import { TextField } from "@/components/TextField";
import { usePageTexts } from "@/texts/page-texts";
import { DeadLetters } from "./DeadLetters";
import { HealthSection } from "./HealthSection";
import { Operator } from "./operator";
import { Workspaces } from "./Workspaces";

/** For whoever operates the installation: health and workspaces, by the operator's token alone. */
export function OperatorPage() {
  const { operator: texts } = usePageTexts();
  const [token, setToken] = useState("");
  const [operator, setOperator] = useState<Operator | null>(null);
  const enter = useMutation({
    mutationFn: async () => {
      const entered = new Operator(token.trim());
      await entered.list({ limit: 1, q: "" });
      return entered;
    },
    onSuccess: (entered) => {
      setOperator(entered);
      setToken("");
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate();
  };
  return (
    <>
      <PageHead title={texts.title}>
        {operator !== null && <Button onPress={() => setOperator(null)}>{texts.leave}</Button>}
      </PageHead>
      {operator === null ? (
        <Form onSubmit={submit}>
          <TextField
            label={texts.token} hint={texts.tokenHint} value={token} onChange={setToken} type="password"
            autoComplete="off" maxLength={500}
          />
          {enter.isError && <Refusal error={enter.error} />}
          <Button kind="primary" type="submit" isPending={enter.isPending} isDisabled={token.trim() === ""}>{texts.enter}</Button>
        </Form>
      ) : (
        <>
          <HealthSection />
          <DeadLetters operator={operator} />
          <Workspaces operator={operator} />
        </>
      )}
    </>
  );
}

function Refusal({ error }: { error: unknown }) {
  const { operator: texts } = usePageTexts();
  const status = error instanceof Problem ? error.status : 0;
  if (status === 401) return <Notice kind="error" title={texts.refused} hint={texts.refusedHint} />;
  if (status === 404) return <Notice kind="error" title={texts.noOperator} hint={texts.refusedHint} />;
  return <ProblemNotice error={error} />;
}
