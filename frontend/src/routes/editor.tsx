/** /apps/<name>/edit: finds the app, then hands over to the editor. */
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { TopBar } from "@/components/top-bar";
import { ErrorNotice } from "@/components/ui/notice";
import { AccountMenu } from "@/features/auth/components/account-menu";
import { appQuery } from "@/lib/apps";
import { Editor } from "./editor-screen";
import { EditorSkeleton } from "./editor-skeleton";

export function EditorScreen() {
  const { name } = useParams({ from: "/account/apps/$name/edit" });
  const query = useQuery(appQuery(name));
  if (query.data) return <Editor key={query.data.id} app={query.data} />;
  return (
    <>
      <TopBar app={name} actions={<AccountMenu />} />
      {query.isError ? <ErrorNotice error={query.error} onRetry={() => void query.refetch()} /> : <EditorSkeleton />}
    </>
  );
}
