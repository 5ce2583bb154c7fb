/**
 * Asks to log in again when the session ran out, over whatever is on screen: what was typed stays where it is. Someone
 * else logging in here gets a fresh page, because what is on screen is not theirs.
 */
import { useQueryClient } from "@tanstack/react-query";
import { Dialog } from "@/components/ui/dialog";
import type { User } from "@/lib/api/types";
import { useAppStore } from "@/lib/app-store";
import { meQuery } from "../api/auth";
import { EntryForm } from "./entry-form";

export function SessionDialog() {
  const resume = useAppStore((state) => state.resume);
  const client = useQueryClient();
  const before = client.getQueryData(meQuery.queryKey);
  const onDone = (user: User) => {
    if (before && before.id !== user.id) {
      window.location.assign("/");
      return;
    }
    resume();
    void client.invalidateQueries();
  };
  return (
    <Dialog
      open
      onClose={() => undefined}
      sticky
      title="Log in again"
      description="Your login ran out. Nothing you typed is lost; it is saved as soon as you are back."
    >
      <EntryForm mode="login" username={before?.username} onDone={onDone} />
    </Dialog>
  );
}
