import { Button } from "@/components/Button";
import { Notice } from "@/components/Notice";
import { useTexts } from "@/texts/use-texts";

/** In place of a page that could not be shown, such as one whose files another release replaced. */
export function PageFailed() {
  const { pageFailed } = useTexts();
  return (
    <Notice kind="error" title={pageFailed.title} hint={pageFailed.hint}>
      <Button kind="primary" onPress={() => location.reload()}>{pageFailed.reload}</Button>
    </Notice>
  );
}
