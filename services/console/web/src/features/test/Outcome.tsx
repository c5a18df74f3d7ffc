import type { UseMutationResult } from "@tanstack/react-query";
import { Problem } from "@/api/problem";
import { ProblemNotice } from "@/components/ProblemNotice";
import { Result } from "./Result";
import type { Called } from "./tools";
import { Trace } from "./Trace";
import { traceOfRefusal } from "./trace";

/** What came of a call: the API's answer, or why it was not made. */
export function Outcome<Asked>({ call }: { call: UseMutationResult<Called, Error, Asked> }) {
  if (call.isError) {
    return (
      <>
        <ProblemNotice error={call.error} />
        {call.error instanceof Problem && <Trace steps={traceOfRefusal(call.error)} />}
      </>
    );
  }
  return call.data === undefined ? null : <Result key={call.data.id} outcome={call.data} />;
}
