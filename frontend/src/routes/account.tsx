/** Everything behind a login: the screen below fills the window and scrolls by itself. */
import { Outlet } from "@tanstack/react-router";

export function AccountLayout() {
  return (
    <div className="flex h-dvh min-w-0 flex-col overflow-hidden">
      <Outlet />
    </div>
  );
}
