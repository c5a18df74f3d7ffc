import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Menu, MenuItem, MenuSection, MenuTrigger, Header, Popover, type Key } from "react-aria-components";
import { api, need } from "@/api/client";
import { type Session, signedOut } from "@/api/session";
import { Button } from "@/components/Button";
import menuStyles from "@/components/Menu.module.css";
import { chooseTheme, rememberedTheme, type Theme } from "@/design/theme";
import { useTexts } from "@/texts/use-texts";
import styles from "./AccountMenu.module.css";
import { Face } from "./Face";

const THEMES: readonly Theme[] = ["system", "light", "dark"];

/** Who is signed in and where, the appearance, and signing out. */
export function AccountMenu({ session }: { session: Session }) {
  const texts = useTexts();
  const [theme, setTheme] = useState(rememberedTheme);
  const signOut = useMutation({
    mutationFn: () => need(api.DELETE("/v1/session")),
    onSuccess: signedOut,
  });
  const choose = (key: Key) => {
    if (key === "sign-out") signOut.mutate();
    const chosen = THEMES.find((one) => one === key);
    if (chosen !== undefined) {
      chooseTheme(chosen);
      setTheme(chosen);
    }
  };
  return (
    <MenuTrigger defaultOpen>
      <Button kind="quiet" aria-label={texts.session.account(session.member.name)}>
        <Face name={session.member.name} />
      </Button>
      <Popover placement="bottom end" className={menuStyles.popover!}>
        <div className={styles.who}>
          <strong>{session.member.name}</strong>
          <span>{session.workspace.title} · {session.member.role}</span>
        </div>
        <Menu onAction={choose} className={menuStyles.menu!} aria-label={texts.session.account(session.member.name)}>
          <MenuSection selectionMode="single" selectedKeys={[theme]}>
            <Header className={menuStyles.header!}>{texts.theme.label}</Header>
            {THEMES.map((one) => (
              <MenuItem key={one} id={one} className={menuStyles.item!}>{texts.theme[one]}</MenuItem>
            ))}
          </MenuSection>
          <MenuItem id="connections" className={menuStyles.item!} href="/connections">{texts.session.connections}</MenuItem>
          <MenuItem id="sessions" className={menuStyles.item!} href="/account">{texts.session.sessions}</MenuItem>
          <MenuItem id="sign-out" className={menuStyles.item!}>{texts.session.signOut}</MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
