/** The amber button of the editor. */
import { LoaderCircle, Rocket } from "lucide-react";
import { Button } from "@/components/ui/button";
import { hotkeyLabel } from "@/lib/use-hotkey";

export function DeployButton({
  running,
  disabled,
  onPress,
}: {
  running: boolean;
  disabled: boolean;
  onPress: () => void;
}) {
  return (
    <Button
      look="primary"
      disabled={disabled || running}
      onClick={onPress}
      aria-busy={running || undefined}
      title={`Deploy (${hotkeyLabel("Enter")})`}
    >
      {running ? <LoaderCircle className="animate-spin" aria-hidden /> : <Rocket aria-hidden />}
      Deploy
      <kbd className="font-normal font-sans text-xs opacity-75 max-sm:hidden pointer-coarse:hidden" aria-hidden>
        {hotkeyLabel("Enter")}
      </kbd>
    </Button>
  );
}
