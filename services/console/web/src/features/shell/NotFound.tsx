import { EmptyState } from "@/components/EmptyState";
import { LinkButton } from "@/components/LinkButton";
import { useTexts } from "@/texts/use-texts";

export function NotFound() {
  const { notFound } = useTexts();
  return (
    <EmptyState title={notFound.title} hint={notFound.hint}>
      <LinkButton href="/">{notFound.home}</LinkButton>
    </EmptyState>
  );
}
