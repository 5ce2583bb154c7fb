/** Light, dark, or what the system says; kept on this device. */
import { Select } from "@/components/ui/select";
import { useAppStore } from "@/lib/app-store";

const THEMES = [
  { value: "system", label: "Like the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
] as const;

export function Theme() {
  const theme = useAppStore((state) => state.theme);
  const setTheme = useAppStore((state) => state.setTheme);
  return <Select label="Theme" value={theme} options={THEMES} onChange={setTheme} className="min-w-44" />;
}
