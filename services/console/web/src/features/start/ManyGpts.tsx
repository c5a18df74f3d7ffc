import { VirtualList } from "@/components/VirtualList";
import { GptCard } from "./GptCard";
import type { GptSummary } from "./gpts";

const HEIGHT = 76;

/** More GPTs than a page can hold at once; the following ones come as one scrolls. */
export function ManyGpts({ gpts, onEnd }: { gpts: readonly GptSummary[]; onEnd: () => void }) {
  return (
    <VirtualList items={gpts} keyOf={(gpt) => gpt.id} height={HEIGHT} onEnd={onEnd}>
      {(gpt) => <GptCard gpt={gpt} />}
    </VirtualList>
  );
}
