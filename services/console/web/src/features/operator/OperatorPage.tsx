import { type FormEvent, useState } from "react";
import { Form } from "react-aria-components";
import { Button } from "@/components/Button";
import { PageHead } from "@/components/PageHead";
import { TextField } from "@/components/TextField";
import { useTexts } from "@/texts/use-texts";
import { HealthSection } from "./HealthSection";
import { Operator } from "./operator";
import { Workspaces } from "./Workspaces";

/** For whoever operates the installation: health and workspaces, by the operator's token alone. */
export function OperatorPage() {
  const { operator: texts } = useTexts();
  const [token, setToken] = useState("");
  const [operator, setOperator] = useState<Operator | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setOperator(new Operator(token.trim()));
    setToken("");
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
          <Button kind="primary" type="submit" isDisabled={token.trim() === ""}>{texts.enter}</Button>
        </Form>
      ) : (
        <>
          <HealthSection />
          <Workspaces operator={operator} />
        </>
      )}
    </>
  );
}
