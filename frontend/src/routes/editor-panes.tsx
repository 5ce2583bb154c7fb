/** The parts of the editor that are made of more than one feature. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { CodeEditor } from "@/features/drafts/components/code-editor";
import { CodeTabs } from "@/features/drafts/components/code-tabs";
import { LooseFindings } from "@/features/drafts/components/loose-findings";
import { useEditorStore } from "@/features/drafts/store";
import { RecentRequests } from "@/features/requests/components/recent-requests";
import { TryPanel } from "@/features/tryit/components/try-panel";
import type { App, Finding } from "@/lib/api/types";
import { examplesOf, recallExamples } from "@/lib/examples";
import { templatesQuery } from "@/lib/templates";

interface CodeProps {
  marked: ReadonlySet<string>;
  findings: readonly Finding[];
  line: number | undefined;
  onShow: (finding: Finding) => void;
}

export function CodePane({ marked, findings, line, onShow }: CodeProps) {
  const { active, generation } = useEditorStore();
  return (
    <>
      <CodeTabs marked={marked} />
      <div className="min-h-0 flex-1 bg-bg">
        {active ? (
          <CodeEditor path={active} generation={generation} findings={findings} line={line} />
        ) : (
          <p className="p-8 text-center text-muted">This draft has no file. Add one on the left.</p>
        )}
      </div>
      <LooseFindings active={active} findings={findings} onShow={onShow} />
    </>
  );
}

export function TryPane({ app }: { app: App }) {
  const templates = useQuery(templatesQuery);
  const { base, entrypoint } = useEditorStore();
  const examples = useMemo(
    () => recallExamples(app.id) ?? examplesOf(templates.data ?? [], base.files, entrypoint),
    [app.id, templates.data, base.files, entrypoint],
  );
  return (
    <TryPanel app={app} examples={examples}>
      <RecentRequests app={app.id} deployed={app.version !== null} />
    </TryPanel>
  );
}
