/** /new: the same start as the empty list. */

import { TopBar } from "@/components/top-bar";
import { AccountMenu } from "@/features/auth/components/account-menu";
import { Starter } from "./starter";

export function NewScreen() {
  return (
    <>
      <TopBar actions={<AccountMenu />} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <Starter />
      </div>
    </>
  );
}
