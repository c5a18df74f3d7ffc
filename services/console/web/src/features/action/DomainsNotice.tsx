import { useQuery } from "@tanstack/react-query";
import { sessionQuery } from "@/api/session";
import { Notice } from "@/components/Notice";
import { ApproveLink } from "@/features/admin/ApproveLink";
import { domainsQuery } from "@/features/admin/domains-query";
import { isAllowed } from "@/features/publish/checklist";
import { usePageTexts } from "@/texts/page-texts";
import type { Operation } from "./schema/examined";

/** That calls of these operations are refused by the workspace's domains, and who changes that. */
export function DomainsNotice({ operations }: { operations: readonly Operation[] }) {
  const { schema: texts, domains: domainTexts } = usePageTexts();
  const rules = useQuery(domainsQuery);
  const { data: session } = useQuery(sessionQuery);
  if (rules.data === undefined) return null;
  const isEmpty = rules.data.mode === "list" && rules.data.domains.length === 0;
  const refused = hostsOf(operations).filter((host) => !isAllowed(host, rules.data));
  if (!isEmpty && refused.length === 0) return null;
  const mayAllow = session?.member.role === "owner" || session?.member.role === "admin";
  const title = isEmpty ? domainTexts.none : texts.notAllowed(refused.join(", "));
  return (
    <Notice kind="warning" title={title} hint={mayAllow ? texts.allowHint : texts.askHint}>
      {mayAllow && <ApproveLink hosts={refused} />}
    </Notice>
  );
}

function hostsOf(operations: readonly Operation[]): readonly string[] {
  const origins = new Set(operations.flatMap((one) => one.origin ?? []));
  return [...new Set([...origins].map((origin) => new URL(origin).hostname))];
}
