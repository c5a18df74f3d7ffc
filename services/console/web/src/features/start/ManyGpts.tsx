import type { ReactNode } from "react";
import { VirtualList } from "@/components/VirtualList";
import type { GptSummary } from "./gpts";

interface Props {
  gpts: readonly GptSummary[];
  onEnd: () => void;
  children: (gpt: GptSummary) => ReactNode;
}

const HEIGHT = 76;

/** More GPTs than a page can hold at once; the following ones come as one scrolls. */
export function ManyGpts({ gpts, onEnd, children }: Props) {
  return (
    <VirtualList items={gpts} keyOf={(gpt) => gpt.id} height={HEIGHT} onEnd={onEnd}>
      {children}
    </VirtualList>
  );
}
