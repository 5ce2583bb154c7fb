/** What slides in over the editor: the app's settings, and its versions. Each is fetched when it is asked for. */
import { lazy, Suspense, useState } from "react";
import { Drawer } from "@/components/ui/drawer";
import type { VersionsChoice } from "@/features/versions/components/versions-panel";
import type { App } from "@/lib/api/types";
import type { EditorDrawer } from "./editor-search";

const SettingsTab = lazy(async () => ({ default: (await import("./dashboard-settings")).SettingsTab }));
const VersionsPanel = lazy(async () => ({
  default: (await import("@/features/versions/components/versions-panel")).VersionsPanel,
}));

interface Props {
  app: App;
  open: EditorDrawer | undefined;
  onClose: () => void;
}

export function EditorDrawers({ app, open, onClose }: Props) {
  const [choice, setChoice] = useState<VersionsChoice>({});
  return (
    <>
      <Drawer open={open === "settings"} onClose={onClose} title={`Settings of ${app.name}`}>
        <div className="p-4">
          <Suspense>
            <SettingsTab app={app} />
          </Suspense>
        </div>
      </Drawer>
      <Drawer open={open === "versions"} onClose={onClose} title={`Versions of ${app.name}`} wide>
        <Suspense>
          <VersionsPanel app={app} choice={choice} onChoose={setChoice} />
        </Suspense>
      </Drawer>
    </>
  );
}
