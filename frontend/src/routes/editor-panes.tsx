/** The parts of the editor that are made of more than one feature. */
import { type ComponentProps, lazy, Suspense } from "react";
import { useShallow } from "zustand/react/shallow";
import { CodeEditor } from "@/features/drafts/components/code-editor";
import { CodeTabs } from "@/features/drafts/components/code-tabs";
import { LooseFindings } from "@/features/drafts/components/loose-findings";
import { useEditorStore } from "@/features/drafts/store";
import { CodeMenu } from "@/features/language/components/code-menu";
import type { LanguageTools } from "@/features/language/tools";
import { RecentRequests } from "@/features/requests/components/recent-requests";
import { TryPanel } from "@/features/tryit/components/try-panel";
import type { App, Finding } from "@/lib/api/types";

const LazySearch = lazy(async () => ({
  default: (await import("@/features/drafts/components/search-panel")).SearchPanel,
}));
const LazyChanges = lazy(async () => ({
  default: (await import("@/features/drafts/components/changes-drawer")).ChangesDrawer,
}));

/** What is not needed at first sight is fetched when it is asked for. */
export function SearchPanel(props: ComponentProps<typeof LazySearch>) {
  return (
    <Suspense fallback={<div className="h-full bg-surface" />}>
      <LazySearch {...props} />
    </Suspense>
  );
}

export function ChangesDrawer(props: ComponentProps<typeof LazyChanges>) {
  return (
    <Suspense>
      <LazyChanges {...props} />
    </Suspense>
  );
}

interface CodeProps {
  marked: ReadonlySet<string>;
  findings: readonly Finding[];
  line: number | undefined;
  onShow: (finding: Finding) => void;
  tools: LanguageTools | null;
}

export function CodePane({ marked, findings, line, onShow, tools }: CodeProps) {
  const { active, generation } = useEditorStore(useShallow(({ active, generation }) => ({ active, generation })));
  return (
    <>
      <div className="flex shrink-0 bg-surface">
        <div className="min-w-0 flex-1">
          <CodeTabs marked={marked} />
        </div>
        <div className="flex items-center border-line border-b px-1.5 pointer-coarse:*:-my-px">
          <CodeMenu tools={tools} />
        </div>
      </div>
      <div className="min-h-0 flex-1 bg-bg">
        {active ? (
          <CodeEditor path={active} generation={generation} findings={findings} line={line} tools={tools} />
        ) : (
          <p className="p-8 text-center text-muted">This draft has no file. Add one on the left.</p>
        )}
      </div>
      <LooseFindings active={active} findings={findings} onShow={onShow} />
    </>
  );
}

export function TryPane({ app }: { app: App }) {
  return (
    <TryPanel app={app}>
      <RecentRequests app={app.id} deployed={app.version !== null} />
    </TryPanel>
  );
}
