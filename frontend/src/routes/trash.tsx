/** /trash: apps that were deleted in the last day. */
import { Link } from "@tanstack/react-router";
import { TopBar } from "@/components/top-bar";
import { TrashList } from "@/features/apps/components/trash-list";
import { AccountMenu } from "@/features/auth/components/account-menu";

export function TrashScreen() {
  return (
    <>
      <TopBar actions={<AccountMenu />} />
      <main className="mx-auto min-h-0 w-full max-w-[760px] flex-1 overflow-y-auto px-3 pt-6 pb-12 sm:px-4">
        <div className="mb-4 flex items-baseline justify-between gap-3">
          <h2 className="font-semibold text-xl">Recently deleted</h2>
          <Link
            to="/"
            className="text-muted underline underline-offset-4 hover:text-text pointer-coarse:-my-3 pointer-coarse:py-3"
          >
            All apps
          </Link>
        </div>
        <TrashList />
      </main>
    </>
  );
}
