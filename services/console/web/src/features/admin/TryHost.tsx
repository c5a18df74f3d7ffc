import { useState } from "react";
import { Badge } from "@/components/Badge";
import { Section } from "@/components/Section";
import { TextField } from "@/components/TextField";
import { isAllowed } from "@/features/publish/checklist";
import { usePageTexts } from "@/texts/page-texts";
import { domainOf, isDomain } from "./domain-of";

interface Props {
  rules: { mode: "all" | "list"; domains: readonly string[] };
}

/** Whether calls to a host are allowed as the rules are now. */
export function TryHost({ rules }: Props) {
  const { domains: texts } = usePageTexts();
  const [typed, setTyped] = useState("");
  const host = domainOf(typed);
  return (
    <Section title={texts.tryTitle}>
      <TextField label={texts.tryHost} value={typed} onChange={setTyped} placeholder="https://api.example.org/v1" />
      <p role="status">
        {isDomain(host) && (isAllowed(host, rules)
          ? <><Badge kind="success">{texts.allowed}</Badge> {host}</>
          : <><Badge kind="danger">{texts.refused}</Badge> {host}</>)}
      </p>
    </Section>
  );
}
