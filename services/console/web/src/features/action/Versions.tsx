import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, need } from "@/api/client";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { Dialog, DialogActions } from "@/components/Dialog";
import { Loading } from "@/components/Loading";
import listStyles from "@/components/PagedList.module.css";
import { ProblemNotice } from "@/components/ProblemNotice";
import { Row } from "@/components/Row";
import { Time } from "@/components/Time";
import { usePageTexts } from "@/texts/page-texts";
import { readDocument, schemaQuery } from "./action";
import { Changes } from "./Changes";
import styles from "./Versions.module.css";

interface Props {
  schemaId: string;
  onClose: () => void;
  /** Take an older version's text into the editor, where it is saved, or not. */
  onText: (text: string) => void;
}

const diffQuery = (from: string, to: string) => ({
  queryKey: ["diff", from, to],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    need(api.GET("/v1/schemas/diff", { params: { query: { from, to } }, signal })),
  staleTime: Infinity,
});

/** Every version of the schema that is kept, and what changed since. */
export function Versions({ schemaId, onClose, onText }: Props) {
  const { schema: texts, common } = usePageTexts();
  const schema = useQuery(schemaQuery(schemaId));
  const [compared, setCompared] = useState<string | null>(null);
  const diff = useQuery({ ...diffQuery(compared ?? "", schemaId), enabled: compared !== null });
  const take = useMutation({ mutationFn: (id: string) => readDocument(id), onSuccess: onText });
  const versions = schema.data?.versions.toSorted((one, other) => other.created_at.localeCompare(one.created_at));
  const failed = [schema, diff, take].find((each) => each.isError);
  return (
    <Dialog title={texts.versions} isOpen onClose={onClose} isWide>
      {schema.isPending && <Loading rows={2} />}
      {failed !== undefined && <ProblemNotice error={failed.error} />}
      {versions !== undefined && (
        <ul role="list" className={listStyles.list}>
          {versions.map((one) => (
            <li key={one.id}>
              <Row title={<Time at={one.created_at} />} detail={[one.title, one.version].filter(Boolean).join(" · ")}>
                {one.id === schemaId ? <Badge kind="accent">{texts.current}</Badge> : (
                  <>
                    <Button kind="quiet" onPress={() => setCompared(one.id)}>{texts.compare}</Button>
                    <Button kind="quiet" isPending={take.isPending && take.variables === one.id} onPress={() => take.mutate(one.id)}>
                      {texts.takeVersion}
                    </Button>
                  </>
                )}
              </Row>
              {compared === one.id && (
                <div className={styles.diff}>
                  {diff.isPending && <Loading rows={1} />}
                  {diff.data !== undefined && <Changes changes={diff.data} />}
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
      {versions?.length === 1 && <p>{texts.onlyVersion}</p>}
      <DialogActions><Button onPress={onClose}>{common.close}</Button></DialogActions>
    </Dialog>
  );
}
