import { useMutation } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { startConnection, type SignInTest as Tested, testSignIn } from "@/api/connections";
import { Button } from "@/components/Button";
import { LinkButton } from "@/components/LinkButton";
import { Notice } from "@/components/Notice";
import { ProblemNotice } from "@/components/ProblemNotice";
import { usePageTexts } from "@/texts/page-texts";
import type { Credential } from "./auth-form";
import styles from "./SignInTest.module.css";

const KINDS = { accepted: "success", rejected: "error", unclear: "warning" } as const;

/** One's own way in, where each member has one, and a call that says whether the API takes it. */
export function SignInTest({ actionId, credential }: { actionId: string; credential: Credential }) {
  const { auth: texts } = usePageTexts();
  const here = useLocation().href;
  const test = useMutation({ mutationFn: () => testSignIn(actionId) });
  const start = useMutation({
    mutationFn: () => startConnection(actionId, here),
    onSuccess: (url) => location.assign(url),
  });
  const isOwnKey = credential.type === "api_key" && credential.per_user === true;
  const failed = [start, test].find((one) => one.isError);
  return (
    <>
      <div className={styles.tools}>
        {credential.type === "oauth" && (
          <Button onPress={() => start.mutate()} isPending={start.isPending}>{texts.logIn}</Button>
        )}
        {isOwnKey && <LinkButton href={`/connections?key=${actionId}`}>{texts.enterKey}</LinkButton>}
        <Button onPress={() => test.mutate()} isPending={test.isPending}>{texts.test}</Button>
      </div>
      {failed !== undefined && <ProblemNotice error={failed.error} />}
      {test.data !== undefined && <Outcome tested={test.data} />}
    </>
  );
}

function Outcome({ tested }: { tested: Tested }) {
  const { auth: texts } = usePageTexts();
  const { operation_id: operation, status } = tested;
  const called = operation === null ? "" : texts.testedWith(operation, status === null ? "" : String(status));
  return <Notice kind={KINDS[tested.outcome]} title={tested.sentence} hint={[called, tested.hint].filter(Boolean).join(" ")} />;
}
