/** What can be done with the code of the open file, for those who do not know the keys, and the keys for those who will. */
import { Ellipsis } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Menu, MenuCheck, MenuItem, MenuLine } from "@/components/ui/menu";
import { hotkeyLabel } from "@/lib/use-hotkey";
import { usePreferences } from "../preferences";
import type { LanguageTools } from "../tools";
import { KEYS } from "./keys";

export function CodeMenu({ tools }: { tools: LanguageTools | null }) {
  const { formatOnSave, setFormatOnSave } = usePreferences();
  return (
    <Menu
      trigger={
        <Button
          look="quiet"
          size="icon"
          aria-label="Code actions"
          title="Code actions"
          className="relative size-7 before:absolute before:-inset-1.5"
        >
          <Ellipsis aria-hidden />
        </Button>
      }
    >
      <Row keys={KEYS.format} disabled={!tools} onClick={() => void tools?.format()}>
        Format file
      </Row>
      <Row keys={KEYS.fix} disabled={!tools} onClick={() => later(() => tools?.quickFix())}>
        Quick fixes here
      </Row>
      <Row disabled={!tools} onClick={() => void tools?.fixAll()}>
        Fix all problems
      </Row>
      <MenuLine />
      <Row keys={KEYS.define} disabled={!tools} onClick={() => later(() => tools?.goToDefinition())}>
        Go to definition
      </Row>
      <Row keys={KEYS.back} disabled={!tools} onClick={() => later(() => tools?.back())}>
        Go back
      </Row>
      <MenuLine />
      <MenuCheck checked={formatOnSave} onChange={setFormatOnSave}>
        <span className="flex-1">Format on {hotkeyLabel("s")}</span>
        <span className="text-muted text-xs">{formatOnSave ? "on" : "off"}</span>
      </MenuCheck>
    </Menu>
  );
}

/** Once the menu has given the focus back. */
function later(action: () => void): void {
  setTimeout(action, 60);
}

interface RowProps {
  keys?: string;
  disabled: boolean;
  onClick: () => void;
  children: ReactNode;
}

function Row({ keys, disabled, onClick, children }: RowProps) {
  return (
    <MenuItem disabled={disabled} onClick={onClick}>
      <span className="flex-1">{children}</span>
      {keys && <kbd className="ml-6 text-muted text-xs">{keys}</kbd>}
    </MenuItem>
  );
}
