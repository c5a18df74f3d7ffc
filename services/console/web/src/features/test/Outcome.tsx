import type { UseMutationResult } from "@tanstack/react-query";
import { Problem } from "@/api/problem";
import { ProblemNotice } from "@/components/ProblemNotice";
import { ApproveLink } from "@/features/admin/ApproveLink";
import { Result } from "./Result";
import type { Called } from "./tools";
import { Trace } from "./Trace";
import { traceOfRefusal } from "./trace";

interface Props<Asked> {
  call: UseMutationResult<Called, Error, Asked>;
  /** Those that the operation may call. */
  hosts: readonly string[];
}

const OF_DOMAINS: ReadonlySet<string> = new Set(["policy.no_domains_allowed", "policy.domain_not_allowed"]);

/** What came of a call: the API's answer, or why it was not made. */
export function Outcome<Asked>({ call, hosts }: Props<Asked>) {
  if (call.isError) {
    return (
      <>
        <ProblemNotice error={call.error} />
        {call.error instanceof Problem && OF_DOMAINS.has(call.error.code) && <div><ApproveLink hosts={hosts} /></div>}
        {call.error instanceof Problem && <Trace steps={traceOfRefusal(call.error)} />}
      </>
    );
  }
  return call.data === undefined ? null : <Result key={call.data.id} outcome={call.data} />;
}
