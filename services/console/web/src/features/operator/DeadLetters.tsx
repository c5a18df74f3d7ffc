import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { pagesOf } from "@/api/pages";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { ConfirmByName } from "@/components/ConfirmByName";
import { PagedList } from "@/components/PagedList";
import { ProblemNotice } from "@/components/ProblemNotice";
import { Row } from "@/components/Row";
import { Section } from "@/components/Section";
import { Time } from "@/components/Time";
import { usePageTexts } from "@/texts/page-texts";
import type { DeadLetter, Operator } from "./operator";

const KEY = ["dead-letters"];

/** What services could not process: delivered once more, or discarded. */
export function DeadLetters({ operator }: { operator: Operator }) {
  const { operator: texts } = usePageTexts();
  const known = useQueryClient();
  const [discarded, setDiscarded] = useState<DeadLetter | null>(null);
  const query = useMemo(() => pagesOf(KEY, (asked, signal) => operator.deadLetters(asked, signal)), [operator]);
  const letters = useInfiniteQuery({ ...query, gcTime: 0 });
  const refresh = () => known.invalidateQueries({ queryKey: KEY });
  const again = useMutation({ mutationFn: (sequence: number) => operator.deliverAgain(sequence), onSettled: refresh });
  const discard = useMutation({
    mutationFn: (sequence: number) => operator.discard(sequence),
    onSuccess: () => {
      setDiscarded(null);
      return refresh();
    },
  });
  return (
    <Section title={texts.deadLetters}>
      <p>{texts.deadLettersLead}</p>
      {again.isError && <ProblemNotice error={again.error} />}
      <PagedList pages={letters} keyOf={(letter) => String(letter.sequence)} empty={<p>{texts.noDeadLetters}</p>}>
        {(letter) => (
          <Row title={letter.subject} detail={<Detail letter={letter} />}>
            <Badge kind="danger">{letter.reason}</Badge>
            <Badge>{texts.deliveries(letter.deliveries)}</Badge>
            {letter.is_whole
              ? (
                <Button
                  kind="quiet" aria-label={texts.againFor(letter.sequence)} onPress={() => again.mutate(letter.sequence)}
                  isPending={again.isPending && again.variables === letter.sequence}
                >
                  {texts.again}
                </Button>
              ) : <Badge kind="warning">{texts.cut}</Badge>}
            <Button kind="quiet" aria-label={texts.discardFor(letter.sequence)} onPress={() => { discard.reset(); setDiscarded(letter); }}>
              {texts.discard}
            </Button>
          </Row>
        )}
      </PagedList>
      <ConfirmByName
        title={texts.discardTitle} hint={texts.discardHint} name={discarded?.subject ?? ""} isOpen={discarded !== null}
        action={texts.discard} isPending={discard.isPending} error={discard.error} onClose={() => setDiscarded(null)}
        onConfirm={() => { if (discarded !== null) discard.mutate(discarded.sequence); }}
      />
    </Section>
  );
}

function Detail({ letter }: { letter: DeadLetter }) {
  const about = [`${letter.sequence}`, letter.service, letter.workspace_id].filter(Boolean).join(" · ");
  return <>{about}{letter.at !== null && <> · <Time at={letter.at} /></>}</>;
}
