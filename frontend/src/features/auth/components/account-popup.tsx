/** Theme and log out. It is open from the start: whoever fetched it had pressed its button. */
import { useNavigate } from "@tanstack/react-router";
import { Database, Keyboard, LogOut, Monitor, Moon, Search, Sun, UserRound } from "lucide-react";
import type { ReactElement } from "react";
import { Menu, MenuChoice, MenuItem, MenuLine } from "@/components/ui/menu";
import { useAppStore } from "@/lib/app-store";
import { useCommandStore } from "@/lib/commands";
import { useLogout } from "../api/auth";

const THEMES = [
  { value: "system", label: "Like the system", icon: <Monitor aria-hidden /> },
  { value: "light", label: "Light", icon: <Sun aria-hidden /> },
  { value: "dark", label: "Dark", icon: <Moon aria-hidden /> },
] as const;

export function AccountPopup({ name, trigger }: { name: string; trigger: ReactElement }) {
  const theme = useAppStore((state) => state.theme);
  const setTheme = useAppStore((state) => state.setTheme);
  const show = useCommandStore((state) => state.show);
  const navigate = useNavigate();
  const logout = useLogout(() => void navigate({ to: "/login" }));
  return (
    <Menu trigger={trigger} openAtOnce>
      <div className="px-2 pt-1.5 pb-1 font-medium">{name}</div>
      <MenuLine />
      <MenuChoice label="Theme" value={theme} options={THEMES} onChange={setTheme} />
      <MenuLine />
      <MenuItem onClick={() => void navigate({ to: "/account" })}>
        <UserRound aria-hidden />
        Account
      </MenuItem>
      <MenuItem onClick={() => show("everything")}>
        <Search aria-hidden />
        Find anything
      </MenuItem>
      <MenuItem onClick={() => show("shortcuts")} className="pointer-coarse:hidden">
        <Keyboard aria-hidden />
        Keyboard shortcuts
      </MenuItem>
      <MenuItem onClick={() => void navigate({ to: "/databases" })}>
        <Database aria-hidden />
        Databases
      </MenuItem>
      <MenuItem onClick={() => logout.mutate()}>
        <LogOut aria-hidden />
        Log out
      </MenuItem>
    </Menu>
  );
}
